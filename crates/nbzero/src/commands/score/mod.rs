//! `nbzero score`: zero-shot proxies of any list of networks.

mod args;
mod how;
pub(crate) mod networks;
mod show;

use std::time::Instant;

use nbz_proxy::Proxy;
use nbz_proxy::contract::Init;
use nbz_sweep::{Data, Options, Progress, Shard, Sweep};

pub(crate) use args::Args;
pub(crate) use how::How;

use crate::bytes::tell_room;
use crate::console::{Console, Form};
use crate::failure::CommandError;
use crate::source::{counted, grouped};

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    if let Some(output) = &args.output {
        super::check_parquet(output)?;
    }
    let how = &args.how;
    let proxies = how.proxies()?;
    let data: Data = args.data.as_deref().unwrap_or("noise").parse()?;
    let (networks, dataset) = networks::resolve(args, console)?;
    let task = how.task(&data, dataset, console)?;
    let settings = how.settings(task, data, args.weights.clone(), args.answer_limit()?)?;
    let sweep = Sweep::new(&networks, &proxies, &settings)?;
    for remark in sweep.remarks() {
        console.warn(remark);
    }
    let reads_labels = |p: &&dyn Proxy| p.needs().iter().any(|need| need.reads_labels());
    if args.data.is_none() && proxies.iter().any(reads_labels) {
        console.warn("no --data named: images and labels are noise, which says little of scores that look at labels");
    }
    let limit = args.max_memory.now();
    let room = sweep.room(args.shard, args.threads()?, limit)?;
    let threads = tell_room(&room, args.threads()?, console);
    console.note(format_args!(
        "scoring {} of {} with {}, {} of {}, {}, {threads} at a time",
        grouped(sweep.names().len() as u64),
        networks.source(),
        counted(sweep.recipe().names().count(), "proxy"),
        counted(how.batch, "image"),
        settings.data,
        counted(task.classes(), "class"),
    ));
    if args.weights.is_some() {
        let draws = |p: &&&dyn Proxy| matches!(p.contract().init, Init::Normal | Init::Kaiming);
        let names: Vec<&str> = proxies.iter().filter(draws).map(|p| p.name()).collect();
        if !names.is_empty() {
            console.note(format_args!(
                "{}: not on the weights given; they prescribe others, which the seed draws",
                names.join(", ")
            ));
        }
    }
    let Some(output) = &args.output else {
        if args.shard != Shard::WHOLE {
            return Err(CommandError::Usage {
                problem: "a shard is of a file".to_owned(),
                hint: "name the file behind -o".to_owned(),
            }
            .into());
        }
        let records = console.while_waiting("scoring", || sweep.records(threads))?;
        tell(&sweep.messages(records.iter()), console);
        return match console.form() {
            Form::Json => Ok(console.json(&show::document(&sweep, &records))?),
            Form::Text => {
                console.grid(&show::grid(&sweep, &records))?;
                for why in show::reasons(&sweep, &records) {
                    console.note(why);
                }
                Ok(())
            }
        };
    };
    let options = Options {
        threads,
        shard: args.shard,
        command: std::env::args().collect::<Vec<_>>().join(" "),
    };
    let start = Instant::now();
    let bar = console.bar();
    let finished = sweep.run(output, &options, &|Progress { done, before, all }| {
        bar.tell(done, before, all);
    })?;
    bar.end();
    let seconds = start.elapsed().as_secs_f64();
    match finished.scored {
        0 => console.note(format_args!(
            "{} holds {} already",
            output.display(),
            match finished.networks {
                1 => "this 1 network".to_owned(),
                many => format!("these {}", counted(many, "network")),
            }
        )),
        scored => console.note(format_args!(
            "scored {} in {seconds:.0} s, {:.2} a second; wrote {}",
            counted(scored, "network"),
            scored as f64 / seconds.max(1e-9),
            output.display()
        )),
    }
    tell(&finished.messages, console);
    if console.form() == Form::Json {
        console.json(&show::finished(&sweep, &finished))?;
    }
    Ok(())
}

/// What programs said of networks: the first ones, and how many more there are.
fn tell(messages: &[(String, String, String)], console: &Console) {
    const FIRST: usize = 3;
    for (arch, program, words) in messages.iter().take(FIRST) {
        console.warn(format_args!("{program} on {arch}: {words}"));
    }
    if let Some(more @ 1..) = messages.len().checked_sub(FIRST) {
        console.warn(format_args!(
            "and on {more} more; with -o all stand in the file of runs"
        ));
    }
}
