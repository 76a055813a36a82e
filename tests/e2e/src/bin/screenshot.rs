//! A picture of the real window with the demo company: `screenshot FILE [--theme light|dark]
//! [--size 1440x900] [--form SLUG | --view NAME]`. `cargo xtask demo --screenshot` builds what it
//! needs and runs it.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use heirloom_e2e::{Desktop, Keychain, Launch, Seek, Window};
use lexopt::{Arg, ValueExt};

/// What is shown: a project with settings of its own in place of its group's.
const SCOPE: &str = "acme/platform/checkout/payments-api";
const INTEGRATION: &str = "jira";
/// The group that hands that default down.
const GROUP: &str = "acme/platform";

/// The control key, in WebDriver's own characters for keys.
const CTRL: char = '\u{E009}';

struct Wish {
    picture: PathBuf,
    dark: bool,
    size: (u32, u32),
    /// The integration whose form is shown, in place of a comparison.
    form: Option<String>,
    /// A view of the whole estate, in place of a scope; or `plan`, `run` or `palette`.
    view: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let done = match wish() {
        Ok(wish) => photograph(&wish).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("No picture: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn photograph(wish: &Wish) -> Result<(), Box<dyn Error>> {
    let desktop = Desktop::start(wish.size, Keychain::Unlocked).await?;
    let data = desktop.folder().join("heirloom");
    // The app follows the system, so the system is given the theme.
    let theme = if wish.dark { "Adwaita:dark" } else { "Adwaita" };
    let launch = Launch::heirloom(&["--demo", "--data-dir", &data.to_string_lossy()])?
        .with("GTK_THEME", theme);
    let window = Window::open(&desktop, &launch).await?;
    if let Err(error) = show(&window, wish).await {
        let instead = wish.picture.with_extension("failed.png");
        desktop.photograph(wish.size, &instead).await?;
        return Err(format!("{error}. What the window shows is in {}", instead.display()).into());
    }
    window.photograph(&desktop, &wish.picture).await?;
    window.quit(&desktop, &launch).await?;
    Ok(())
}

/// Brings into view what is wished: a view, an integration's form, or Jira beside what its group
/// hands down.
async fn show(window: &Window, wish: &Wish) -> heirloom_e2e::Result<()> {
    window.resize(wish.size).await?;
    window.ready().await?;
    window.synced().await?;
    match (wish.view.as_deref(), &wish.form) {
        (Some("plan"), _) => plan(window).await?,
        (Some("run"), _) => {
            plan(window).await?;
            window.click(&Seek::id("plan-apply")).await?;
            window.find(&Seek::css("[data-testid=run-page][data-state=ended]")).await?;
        }
        (Some("palette"), _) => {
            scope(window).await?;
            window.open_integration(INTEGRATION).await?;
            window.press_with(CTRL, 'k').await?;
            window.fill(&Seek::id("palette-input"), "jira").await?;
            window.find(&Seek::css("[data-testid^=palette-scope], [role=option]")).await?;
        }
        (Some(view), _) => {
            window.click(&Seek::id(format!("view-{view}"))).await?;
            let drawn = match view {
                "overview" => "[data-testid=figure-custom]",
                "matrix" => "[data-testid=matrix-grid] [role=gridcell]",
                "integrations" => "[data-testid=members] [role=option], [data-testid=value-group]",
                _ => "main",
            };
            window.find(&Seek::css(drawn)).await?;
        }
        (None, Some(slug)) => {
            scope(window).await?;
            window.open_integration(slug).await?;
            window.click(&Seek::id("edit-custom")).await?;
            // The form and what its first check says of it.
            window.find(&Seek::css("[data-pane=edit] [role=status]")).await?;
            window.find(&Seek::css("[data-pane=draft] section")).await?;
        }
        (None, None) => {
            scope(window).await?;
            window.open_integration(INTEGRATION).await?;
            window.find(&Seek::css("[data-verdict=differs]")).await?;
        }
    }
    window.gone(&Seek::id("toast")).await
}

/// The project, with the whole tree around it in place of the filter that found it.
async fn scope(window: &Window) -> heirloom_e2e::Result<()> {
    window.open_scope(SCOPE).await?;
    window.fill(&Seek::id("tree-filter"), "").await?;
    window.find(&Seek::id(format!("tree-row-{SCOPE}"))).await.map(drop)
}

/// Everything below the project's top group back to its default, for review.
async fn plan(window: &Window) -> heirloom_e2e::Result<()> {
    window.open_scope(GROUP).await?;
    window.open_integration(INTEGRATION).await?;
    window.click(&Seek::id("compare-more")).await?;
    window.click(&Seek::id("change-below")).await?;
    window.click(&Seek::id("below-make")).await?;
    window.find(&Seek::id("step-diff")).await.map(drop)
}

fn wish() -> Result<Wish, Box<dyn Error>> {
    let mut picture = None;
    let mut wish =
        Wish { picture: PathBuf::new(), dark: false, size: (1440, 900), form: None, view: None };
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Value(file) => picture = Some(PathBuf::from(file)),
            Arg::Long("theme") => wish.dark = dark(&arguments.value()?.string()?)?,
            Arg::Long("size") => wish.size = size(&arguments.value()?.string()?)?,
            Arg::Long("form") => wish.form = Some(arguments.value()?.string()?),
            Arg::Long("view") => wish.view = Some(arguments.value()?.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    wish.picture = picture.ok_or("name the file it shall be saved to")?;
    Ok(wish)
}

fn dark(theme: &str) -> Result<bool, String> {
    match theme {
        "light" => Ok(false),
        "dark" => Ok(true),
        other => Err(format!("the theme is light or dark, not {other}")),
    }
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let (width, height) = text.split_once('x').unwrap_or_default();
    match (width.parse(), height.parse()) {
        (Ok(width @ 320..=7680), Ok(height @ 240..=4320)) => Ok((width, height)),
        _ => Err(format!("a size is written 1440x900, not {text}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_themes_are_taken_as_written_or_refused() {
        assert_eq!(size("1440x900"), Ok((1440, 900)), "width, then height");
        for wrong in ["", "1440", "1440x", "0x0", "-1x900", "99999x900"] {
            assert!(size(wrong).is_err(), "{wrong:?} is no size of a window");
        }
        assert_eq!(dark("dark"), Ok(true), "dark is dark");
        assert!(dark("Dark mode").is_err(), "a misspelt theme is told, not guessed");
    }
}
