//! `cargo xtask demo`: the app with the demo company, on the screen or as a picture.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use lexopt::{Arg, ValueExt};

use crate::install::{self, Need};
use crate::outcome::{Failure, Outcome};
use crate::steps::Steps;
use crate::workspace::SELECTION;
use crate::{run, ui, workspace};

#[derive(Default)]
struct Wish {
    picture: Option<PathBuf>,
    theme: Option<OsString>,
    size: Option<OsString>,
    form: Option<OsString>,
    view: Option<OsString>,
    release: bool,
}

/// Builds the app and shows it.
///
/// # Errors
/// When something can't be built, when there is no display, or when the app fails.
pub fn run(arguments: &mut lexopt::Parser) -> Outcome {
    let wish = wish(arguments)?;
    if wish.picture.is_none() && !has_display() {
        return Err(Failure::new("there is no display here to open a window on")
            .next("`cargo xtask demo --screenshot demo.png` saves a picture of the real window"));
    }
    let mut steps = Steps::default();
    steps.step("Preparing", || {
        install::system(if wish.picture.is_some() { Need::Test } else { Need::Build })?;
        install::npm()
    })?;
    steps.step("UI: build", ui::build)?;
    steps.step("Compiling", || compile(&wish))?;
    match &wish.picture {
        Some(picture) => {
            steps.step("Taking the picture", || photograph(&wish, picture))?;
            steps.summary(&format!("The window is in {}", picture.display()));
        }
        None => {
            println!("\n▸ Opening Heirloom with the demo company. Closing its window ends it");
            let mut app = Command::new(workspace::program("heirloom", wish.release));
            app.arg("--demo");
            run::finish(app)?;
        }
    }
    Ok(())
}

fn wish(arguments: &mut lexopt::Parser) -> Outcome<Wish> {
    let mut wish = Wish::default();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("screenshot") => wish.picture = Some(from_here(arguments.value()?.parse()?)),
            Arg::Long("theme") => wish.theme = Some(arguments.value()?),
            Arg::Long("size") => wish.size = Some(arguments.value()?),
            Arg::Long("form") => wish.form = Some(arguments.value()?),
            Arg::Long("view") => wish.view = Some(arguments.value()?),
            Arg::Long("release") => wish.release = true,
            other => return Err(other.unexpected().into()),
        }
    }
    let of_picture = [&wish.theme, &wish.size, &wish.form, &wish.view];
    if wish.picture.is_none() && of_picture.iter().any(|option| option.is_some()) {
        return Err(Failure::usage(
            "--theme, --size, --form and --view are for the picture of --screenshot",
        ));
    }
    Ok(wish)
}

/// A path as the caller means it: programs are run in the root of the checkout.
fn from_here(path: PathBuf) -> PathBuf {
    env::current_dir().map(|here| here.join(&path)).unwrap_or(path)
}

fn has_display() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn compile(wish: &Wish) -> Outcome {
    let mut build = run::cargo(["build"]);
    build.args(SELECTION).args(["--bin", "heirloom"]);
    if wish.picture.is_some() {
        build.args(["--bin", "screenshot"]);
    }
    if wish.release {
        build.arg("--release");
    }
    run::finish(build)
}

fn photograph(wish: &Wish, picture: &PathBuf) -> Outcome {
    let mut screenshot = Command::new(workspace::program("screenshot", wish.release));
    screenshot.arg(picture).env("HEIRLOOM_BIN", workspace::program("heirloom", wish.release));
    if let Some(theme) = &wish.theme {
        screenshot.arg("--theme").arg(theme);
    }
    if let Some(size) = &wish.size {
        screenshot.arg("--size").arg(size);
    }
    if let Some(view) = &wish.view {
        screenshot.arg("--view").arg(view);
    }
    if let Some(form) = &wish.form {
        screenshot.arg("--form").arg(form);
    }
    run::finish(screenshot)
}
