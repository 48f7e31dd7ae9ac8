//! Ctrl-C: the program ends at once with its documented code, or a training keeps a checkpoint first.
//!
//! Files are written under a temporary name and renamed when whole, so ending at any moment leaves no
//! half file under a final name; the temporary ones are deleted, and programs that score are killed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use nbzero::exit_code::INTERRUPTED;

use crate::console::Console;
use crate::failure::CommandError;

/// What the first Ctrl-C does where work can be kept.
#[derive(Debug)]
struct Keeping {
    stop: Arc<AtomicBool>,
    is_interrupted: AtomicBool,
    console: Console,
}

/// Set by the work that can be kept, once.
static KEEPING: OnceLock<Keeping> = OnceLock::new();

/// Ends the program with [`INTERRUPTED`] on the first Ctrl-C, on the second where the first was [kept](keep_on_ctrl_c).
///
/// Where no handler can be installed the system's own way of ending stays, which scripts see as the
/// same number.
pub(crate) fn exit_on_ctrl_c() {
    let _ = ctrlc::set_handler(|| {
        if let Some(keeping) = KEEPING.get()
            && !keeping.is_interrupted.swap(true, Ordering::Relaxed)
        {
            keeping.stop.store(true, Ordering::Relaxed);
            let words = "keeping a checkpoint behind this step; Ctrl-C again ends at once";
            keeping.console.note(words);
            return;
        }
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

/// The same flag, raised by the first Ctrl-C as well, which says so.
///
/// # Errors
/// As [`raise_on_termination`].
pub(crate) fn keep_on_ctrl_c(console: &Console) -> std::io::Result<Arc<AtomicBool>> {
    let raised = raise_on_termination()?;
    let keeping = KEEPING.get_or_init(|| Keeping {
        stop: raised,
        is_interrupted: AtomicBool::new(false),
        console: console.clone(),
    });
    Ok(Arc::clone(&keeping.stop))
}

/// How work ends that was told to stop: by which signal it was.
pub(crate) fn stopped() -> CommandError {
    match KEEPING.get() {
        Some(keeping) if keeping.is_interrupted.load(Ordering::Relaxed) => {
            CommandError::Interrupted
        }
        _ => CommandError::ToBeContinued,
    }
}
