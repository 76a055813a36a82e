//! Applying while the disk is full. A limit on the size of files stands for it: where a file would
//! grow beyond it the system refuses, as a full disk does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use heirloom_engine::RunState;
use tokio::process::Command;

use super::Change;
use super::kills::{Applies, Desk};

/// What a shell counts file sizes in (POSIX, *ulimit*).
const BLOCK: u64 = 512;

/// How applies on a full disk went, and how they were gone on with.
#[derive(Debug, Default)]
pub struct FullDisk {
    /// What came of the steps, as after a kill.
    pub applies: Applies,
    /// Runs that the disk did not even let begin.
    pub refused: u32,
    /// Runs that were held on the way, and how many steps had ended by then.
    pub held: Vec<u32>,
    /// What the program said where it did not come to its end.
    pub said: Vec<String>,
}

/// Applies runs of so many steps, each with room for so much more in the journal's log than the
/// plan itself takes, in bytes; then goes on with each, with room for all of it.
pub async fn apply_on_full_disks(program: &Path, steps: u32, rooms: &[u64]) -> FullDisk {
    let mut seen = FullDisk::default();
    for (change, more) in Change::ALL.into_iter().cycle().zip(rooms) {
        let mut desk = Desk::begin(program, change, steps, *more).await;
        desk.discard_plan().await;
        let room = room_for_a_plan(&mut desk).await + more;
        let child = desk.spawn(limited(&desk.command(), room.div_ceil(BLOCK))).await;
        let ended = child.wait_with_output().await.expect("the program runs");
        if !ended.status.success() {
            seen.said.push(String::from_utf8_lossy(&ended.stderr).into_owned());
        }
        desk.look(&mut seen.applies).await;
        match desk.run {
            None => seen.refused += 1,
            Some(run) => {
                let note = desk.estate.lab.engine.run(run).await.expect("the run");
                if note.state == RunState::Ended {
                    seen.applies.done += 1;
                    continue;
                }
                seen.held.push(note.counts.steps - note.counts.open());
            }
        }
        desk.finish(&mut seen.applies).await;
        desk.estate.lab.simulator.stop().await;
    }
    seen
}

/// As far as the journal's log reaches once the program has taken the plan up, in bytes. Both
/// logs begin anew, so that it is the journal's that comes to its end first.
async fn room_for_a_plan(desk: &mut Desk<'_>) -> u64 {
    desk.estate.lab.reopen();
    let lab = &desk.estate.lab;
    let log: PathBuf = lab.folder().join("app.sqlite-wal");
    let size = || fs::metadata(&log).map_or(0, |file| file.len());
    let connection = lab.engine.connection(lab.id()).await.expect("the connection");
    let file = fs::File::open(desk.file()).expect("the plan file");
    let before = size();
    let plan = lab.engine.read_plan(&connection, file).await.expect("a plan");
    let taken = size() - before;
    lab.engine.discard_plan(plan.id).await.expect("discarded");
    size() + taken
}

/// The same program, which the system refuses to write beyond so many blocks of any file. It is
/// told so by an error, as on a full disk, and not by the signal that would end it.
fn limited(command: &Command, blocks: u64) -> Command {
    let command = command.as_std();
    let mut shell = Command::new("sh");
    shell
        .args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"")])
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    shell
}
