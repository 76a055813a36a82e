//! `heirloom-bench store`: a million rows written and asked, through the store's public face.

mod bare;
mod ingest;
mod queries;
mod table;
mod world;

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use heirloom_store::Store;
use heirloom_store::app::connections::{Access, Details, Safety};

use self::bare::Bare;
use self::ingest::Parts;
use self::queries::{Asked, Promise};
use self::world::{World, time};
use crate::failure::{Failure, Result};
use crate::limit::Limit;
use crate::machine;

/// The estate that is stored.
#[derive(Args)]
pub struct Options {
    /// Groups
    #[arg(long, default_value_t = 10_000)]
    groups: u64,
    /// Projects
    #[arg(long, default_value_t = 100_000)]
    projects: u64,
    /// Integration rows in all
    #[arg(long, default_value_t = 1_000_000)]
    rows: u64,
    /// How often writing is measured, ours and the bare inserts in turn: the best of each counts,
    /// so that what else the machine does falls out
    #[arg(long, default_value_t = 3)]
    times: usize,
    /// Where the table goes [default: results/store.md of this crate, if the estate is the usual
    /// one]
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
}

/// Everything that was measured.
struct Measured {
    world: World,
    /// The best of so many.
    times: usize,
    first: Parts,
    second: Parts,
    bare: Bare,
    /// Bytes: the cache, `app.sqlite`, and the cache's WAL at its largest.
    sizes: (u64, u64, u64),
    /// The most memory this process held while it wrote, in bytes.
    peak: Option<u64>,
    opening: f64,
    asked: Vec<Asked>,
}

/// Measures, prints and keeps the table.
///
/// # Errors
/// When a limit is missed, or something cannot be measured.
pub fn run(options: &Options) -> Result {
    let described = machine::described();
    let world = World { groups: options.groups, projects: options.projects, rows: options.rows };
    let folder = tempfile::tempdir().map_err(Failure::file(Path::new("a folder to write to")))?;
    let measured = measure(world, options.times.max(1), folder.path())?;
    let limits = limits(&measured);
    let text = table::of(&described, &measured, &limits);
    println!("{text}");
    let usual = (options.groups, options.projects, options.rows) == (10_000, 100_000, 1_000_000);
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("results/store.md");
    if let Some(path) = options.results.clone().or_else(|| usual.then_some(kept)) {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(Failure::file(folder))?;
        }
        fs::write(&path, &text).map_err(Failure::file(&path))?;
    }
    let missed: Vec<String> =
        limits.iter().filter(|limit| limit.is_missed()).map(ToString::to_string).collect();
    if missed.is_empty() { Ok(()) } else { Err(Failure::Missed(missed)) }
}

fn measure(world: World, times: usize, folder: &Path) -> Result<Measured> {
    let size = |name: &str| fs::metadata(folder.join(name)).map_or(0, |file| file.len());
    let (mut firsts, mut bares) = (Vec::new(), Vec::new());
    for turn in 2..=times {
        let apart = tempfile::tempdir_in(folder).map_err(Failure::file(folder))?;
        let store = Store::open(apart.path())?;
        let id = store.add_connection(details(), time(0))?.id;
        eprintln!("  a first sync, {turn} of {times}");
        firsts.push(ingest::sync(&store, id, world, false)?);
        drop(store);
        eprintln!("  the same rows by prepared inserts");
        bares.push(copied(apart.path())?);
    }
    let store = Store::open(folder)?;
    let id = store.add_connection(details(), time(0))?.id;
    eprintln!("  a first sync");
    firsts.push(ingest::sync(&store, id, world, false)?);
    eprintln!("  the same rows by prepared inserts");
    // As in each turn before: nobody writes meanwhile, and what was written is in the file.
    drop(store);
    bares.push(copied(folder)?);
    let store = Store::open(folder)?;
    eprintln!("  a second sync, 1 % changed");
    let second = ingest::sync(&store, id, world, true)?;
    let peak = machine::own_peak();
    let wal = size("cache.sqlite-wal");
    drop(store);
    let sizes = (size("cache.sqlite"), size("app.sqlite"), wal);
    let began = std::time::Instant::now();
    let store = Store::open(folder)?;
    let opening = began.elapsed().as_secs_f64();
    eprintln!("  questions");
    let asked = queries::all(&store, id, world)?;
    let first = firsts.into_iter().min_by_key(|parts| parts.total()).unwrap_or_default();
    let bare = bares.into_iter().min_by_key(|bare| bare.all).unwrap_or_default();
    Ok(Measured { world, times, first, second, bare, sizes, peak, opening, asked })
}

fn copied(folder: &Path) -> Result<Bare> {
    let to = folder.join("bare.sqlite");
    let bare = bare::copy(&folder.join("cache.sqlite"), &to)?;
    fs::remove_file(&to).map_err(Failure::file(&to))?;
    Ok(bare)
}

fn limits(measured: &Measured) -> Vec<Limit> {
    let mut limits = vec![
        Limit::at_least(
            "speed of a first sync's writing, against bare prepared inserts of all it leaves behind",
            Some(measured.bare.all.as_secs_f64() / measured.first.total().as_secs_f64()),
            0.5,
        ),
        Limit::at_most(
            "peak memory while writing, MB",
            measured.peak.map(|bytes| bytes as f64 / 1e6),
            300.0,
        ),
        Limit::at_most("WAL after a sync, MB", Some(measured.sizes.2 as f64 / 1e6), 70.0),
    ];
    for asked in &measured.asked {
        let (percentile, most) = match asked.promise {
            Promise::Window => ("p99", 10.0),
            Promise::Typing => ("p99", 20.0),
            Promise::Maintained => ("p99", 5.0),
            Promise::AdHoc => ("longest", 150.0),
            Promise::None => continue,
        };
        let value = if percentile == "p99" { asked.percentile(99) } else { asked.most() };
        limits.push(Limit::at_most(format!("{}: {percentile}, ms", asked.name), Some(value), most));
    }
    limits
}

fn details() -> Details {
    Details {
        name: "bench".into(),
        base_url: "https://gitlab.acme.example".into(),
        version: "18.10.0".into(),
        enterprise: Some(true),
        username: "bench".into(),
        is_admin: true,
        access: Access::ReviewOnly,
        token_expires_on: None,
        token_kept: false,
        safety: Safety::ReadOnly,
        ca_pem: None,
        plain_http: false,
        demo: false,
    }
}
