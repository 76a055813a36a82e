//! The parts of a command: announced before, timed after, listed at the end.

use std::time::{Duration, Instant};

use crate::outcome::Outcome;

/// What has been done so far and how long each part took.
#[derive(Default)]
pub struct Steps {
    done: Vec<(String, Duration)>,
}

impl Steps {
    /// Does one part, saying so.
    pub fn step<T>(&mut self, name: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        println!("\n▸ {name}");
        let started = Instant::now();
        let outcome = work();
        let took = started.elapsed();
        match &outcome {
            Ok(_) => {
                println!("  done in {}", spoken(took));
                self.done.push((name.to_owned(), took));
            }
            Err(_) => println!("  failed after {}", spoken(took)),
        }
        outcome
    }

    /// Lists the parts with their times, and closes with a sentence.
    pub fn summary(&self, closing: &str) {
        let width = self.done.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        println!();
        for (name, took) in &self.done {
            println!("  {name:<width$}  {:>9}", spoken(*took));
        }
        let total = self.done.iter().map(|(_, took)| *took).sum();
        println!("\n✓ {closing}: {}", spoken(total));
    }
}

fn spoken(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds >= 60 {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Failure;

    #[test]
    fn long_times_are_told_in_minutes() {
        assert_eq!(spoken(Duration::from_secs(143)), "2 min 23 s", "minutes and seconds");
        assert_eq!(spoken(Duration::from_millis(840)), "0.8 s", "tenths below a minute");
    }

    #[test]
    fn a_failed_part_is_not_listed_as_done() {
        let mut steps = Steps::default();
        let _ = steps.step("works", || Ok(()));
        let failed = steps.step("breaks", || Err::<(), _>(Failure::new("broken")));
        assert!(failed.is_err(), "the failure is handed on");
        assert_eq!(steps.done.len(), 1, "only what worked is listed");
    }
}
