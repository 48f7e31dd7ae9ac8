//! Names of tables as names of files.

/// A name as part of a file's name: a table's own name may hold anything, a path too.
pub fn file_name(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let safe = name.chars().map(|c| if plain(c) { c } else { '-' });
    let safe: String = safe.take(80).collect();
    safe.trim_start_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn no_table_can_name_a_file_outside_the_report() {
        assert_eq!(file_name("nas-bench-201"), "nas-bench-201");
        assert_eq!(file_name("../../evil"), "-..-evil");
        assert_eq!(file_name("a/b c\n"), "a-b-c-");
        assert_eq!(file_name("/etc/x"), "-etc-x");
    }
}
