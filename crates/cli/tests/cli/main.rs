//! The program as others meet it: arguments in, text, JSON and an exit status out.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![cfg(unix)]

mod asking;
mod desk;
mod drift;
mod dry_run;
mod exits;
mod full_disk;
mod gitlab_com;
mod killed;
mod leaving;
mod matrix;
mod older;
mod output;
mod plans;
mod secrets;
mod shapes;
mod stopping;
mod way;
