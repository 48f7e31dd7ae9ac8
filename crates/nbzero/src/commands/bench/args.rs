//! What was typed, and the way from there to the answer.

use std::num::{NonZeroU32, NonZeroUsize};

use nbz_engine::cpu::Path;
use nbz_engine::{Cpu, MemoryPlan, Pass, Run, memory};
use nbz_space::{Arch, Dataset};

use super::document::{Document, Memory};
use super::{measure, text};
use crate::bytes::Limit;
use crate::console::{Console, Form};

/// Measure what this machine reaches on a network: every layer, forward, and forward with backward
///
/// Rates are nominal: two operations for each multiply-accumulate, padding included. A share is of the f32
/// peak that is measured between the repeats. Other work on the machine shows.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The network
    #[arg(default_value = "r1:16s1x1-32s2x1-64s2x1-128s2x1")]
    arch: String,
    /// cifar10, cifar100 or imagenet16-120
    #[arg(long, value_name = "NAME", default_value = "cifar100")]
    dataset: String,
    /// Images in a batch
    #[arg(long, value_name = "IMAGES", default_value = "64")]
    batch: NonZeroU32,
    /// Threads [default: the cores of this machine]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Most memory of a pass, such as 4G, 512MiB, or a share of what is free
    #[arg(long, value_name = "AMOUNT", default_value = "80%")]
    max_memory: Limit,
    /// Print the plan of the memory and measure nothing
    #[arg(long)]
    plan: bool,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let (path, dataset): (Path, Dataset) = (Path::from_environment()?, args.dataset.parse()?);
    let arch: Arch = args.arch.parse()?;
    let network = arch.network(dataset);
    let cores = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let threads = args.threads.map_or_else(cores, usize::from);
    let device = Cpu::<f32>::new(path, threads)?;
    let batch = args.batch.get() as usize;
    // A plan alone takes nothing.
    let limit = if args.plan {
        args.max_memory.of(memory::available())
    } else {
        args.max_memory.now()
    };
    let plan = MemoryPlan::within(
        &device,
        &network,
        &Run::default(),
        batch,
        Pass::Backward,
        limit.unwrap_or(u64::MAX),
    )?;
    let measured = if args.plan {
        None
    } else {
        let measure = || measure::measure(&device, &network, &arch, batch);
        Some(console.while_waiting("measuring", measure)?)
    };
    let document = Document {
        arch: arch.to_string(),
        dataset: dataset.to_string(),
        batch,
        kernels: path.to_string(),
        threads,
        memory: Memory::new(&plan, limit),
        measured,
    };
    match console.form() {
        Form::Json => console.json(&document)?,
        Form::Text => console.data(text::text(&document))?,
    }
    Ok(())
}
