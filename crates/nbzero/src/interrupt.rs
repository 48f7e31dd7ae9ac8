//! Ctrl-C: the program ends at once with its documented code.
//!
//! Files are written under a temporary name and renamed when whole, so ending at any moment leaves no
//! half file under a final name; the temporary ones are deleted, and programs that score are killed.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use nbzero::exit_code::INTERRUPTED;

/// Ends the program with [`INTERRUPTED`] on the first Ctrl-C.
///
/// Where no handler can be installed the system's own way of ending stays, which scripts see as the
/// same number.
pub(crate) fn exit_on_ctrl_c() {
    let _ = ctrlc::set_handler(|| {
        nbz_sweep::program::end_all();
        nbz_table::atomic::abandon();
        std::process::exit(i32::from(INTERRUPTED))
    });
}

/// A flag that SIGTERM raises, and SIGUSR1 where there is one: batch systems send them before they kill.
///
/// # Errors
/// What the system says where no handler can be installed.
pub(crate) fn raise_on_termination() -> std::io::Result<Arc<AtomicBool>> {
    let raised = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(signal_hook::consts::SIGTERM, Arc::clone(&raised))?;
    #[cfg(unix)]
    signal_hook::flag::register(signal_hook::consts::SIGUSR1, Arc::clone(&raised))?;
    Ok(raised)
}
