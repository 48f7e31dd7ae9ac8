//! The table of docs/proxies.md is the registry's; `NBZERO_WRITE=1` writes it.

use std::fs;
use std::path::Path;

use nbz_proxy::registry;

#[test]
fn the_page_on_proxies_has_the_registrys_table() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/proxies.md");
    let text = fs::read_to_string(&page).expect("the page can be read");
    let (start, end) = ("<!-- registry -->\n", "<!-- end of registry -->");
    let (head, rest) = text.split_once(start).expect("the table begins");
    let (_, tail) = rest.split_once(end).expect("the table ends");
    let now = format!("{head}{start}\n{}\n{end}{tail}", registry::markdown_table());
    if now != text && std::env::var_os("NBZERO_WRITE").is_some() {
        fs::write(&page, &now).expect("the page can be written");
        return;
    }
    assert_eq!(
        text, now,
        "NBZERO_WRITE=1 cargo test -p nbz-proxy --test page"
    );
}
