//! The local databases, from outside: what is kept, what survives, what is gone.

// These say so once more for clippy, which only then lets helpers of tests panic.
#[cfg(test)]
mod drift_model;
#[cfg(test)]
mod estate;
#[cfg(test)]
mod finding_steps;
#[cfg(test)]
mod folder;
#[cfg(test)]
mod full_disk;
#[cfg(test)]
mod history;
#[cfg(test)]
mod killed;
#[cfg(test)]
mod leaving;
#[cfg(test)]
mod on_among;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod removal;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod tally;
#[cfg(test)]
mod tree;
#[cfg(test)]
mod upgrade;
#[cfg(test)]
mod writes;
#[cfg(test)]
mod writing_down;
