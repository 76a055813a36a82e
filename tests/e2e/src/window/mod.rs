//! The app's window, used as a person would: looking, clicking, typing.

mod driver;
mod find;
mod launch;

use std::path::Path;
use std::time::Duration;

use fantoccini::Client;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;

pub use driver::DRIVER;
pub use find::Seek;
pub use launch::Launch;

use crate::desktop::Colour;
use crate::{Desktop, Error, Result, until};
use driver::Driver;

/// How long anything on the window may take to appear. Generous: a loaded machine is slow, and
/// only a broken test waits this long.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The key that deletes, in WebDriver's own characters for keys.
const BACKSPACE: char = '\u{E003}';

/// A colour the app has nowhere.
const MARK: Colour = (255, 0, 254);

/// In the topmost layer, so that no dialog hides it.
const SHOW_MARK: &str = "
    const mark = document.createElement('div');
    mark.id = 'painted-mark';
    mark.popover = 'manual';
    Object.assign(mark.style, {
        inset: 'auto 0 0 auto', width: '2px', height: '2px', margin: 0, padding: 0, border: 0,
        background: 'rgb(255, 0, 254)',
    });
    document.body.append(mark);
    mark.showPopover();";

/// A running app and the session that drives it.
#[derive(Debug)]
pub struct Window {
    client: Client,
    _driver: Driver,
}

impl Window {
    /// Starts the app on the desktop and waits until its page is there.
    ///
    /// # Errors
    /// When the driver or the app doesn't start, or nothing appears.
    pub async fn open(desktop: &Desktop, launch: &Launch) -> Result<Self> {
        let mut driver = Driver::start(desktop, launch).await?;
        let client = driver.session(launch).await?;
        let window = Self { client, _driver: driver };
        // The session begins before the page does.
        until("the window's page", PATIENCE, async || {
            let state =
                window.run("return document.readyState + document.body?.childElementCount").await?;
            Ok(state
                .as_str()
                .is_some_and(|state| state.starts_with("complete") && !state.ends_with("undefined"))
                .then_some(()))
        })
        .await?;
        Ok(window)
    }

    /// Closes the window as a person does, and waits until the app has ended.
    ///
    /// # Errors
    /// When it stays.
    pub async fn quit(self, desktop: &Desktop, launch: &Launch) -> Result<()> {
        desktop.close_windows()?;
        Self::ended(desktop, launch).await
    }

    /// Ends the app without a chance to tidy up, as a crash does, and waits until it is gone.
    ///
    /// # Errors
    /// When it stays.
    pub async fn kill(self, desktop: &Desktop, launch: &Launch) -> Result<()> {
        // The session ends the app it has started.
        self.client.close().await?;
        Self::ended(desktop, launch).await
    }

    async fn ended(desktop: &Desktop, launch: &Launch) -> Result<()> {
        let name = launch.name();
        let ended = async || Ok((!desktop.runs(&name)).then_some(()));
        until("the end of the app", PATIENCE, ended).await
    }

    /// Waits for an element.
    ///
    /// # Errors
    /// When it doesn't appear.
    pub async fn find(&self, seek: &Seek) -> Result<Element> {
        until(&format!("{seek} in the window"), PATIENCE, async || {
            Ok(find::visible(&self.client, seek).await?.into_iter().next())
        })
        .await
    }

    /// Every element there is now; none is an answer too.
    ///
    /// # Errors
    /// When the window doesn't answer.
    pub async fn all(&self, seek: &Seek) -> Result<Vec<Element>> {
        find::visible(&self.client, seek).await
    }

    /// Waits until there is no such element.
    ///
    /// # Errors
    /// When it stays.
    pub async fn gone(&self, seek: &Seek) -> Result<()> {
        until(&format!("no {seek} in the window"), PATIENCE, async || {
            Ok(find::visible(&self.client, seek).await?.is_empty().then_some(()))
        })
        .await
    }

    /// Waits for an element and clicks it. One that is redrawn, moving or covered in that moment
    /// is tried again, as a person would.
    ///
    /// # Errors
    /// When it doesn't appear or can't be clicked.
    pub async fn click(&self, seek: &Seek) -> Result<()> {
        self.insist(&format!("a click on {seek}"), seek, async |element| {
            element.click().await.map(|()| true)
        })
        .await
    }

    /// Waits for a field and replaces what is in it.
    ///
    /// # Errors
    /// When it doesn't appear or takes no text.
    pub async fn fill(&self, seek: &Seek, text: &str) -> Result<()> {
        self.insist(&format!("text in {seek}"), seek, async |element| {
            // By keys, as a person would: the driver's own clearing goes past the page's script.
            let there = element.prop("value").await?.unwrap_or_default();
            let keys: String = there.chars().map(|_| BACKSPACE).chain(text.chars()).collect();
            // The driver takes an empty text for a missing one.
            if !keys.is_empty() {
                element.send_keys(&keys).await?;
            }
            // A field that is drawn anew meanwhile loses what was typed.
            Ok(element.prop("value").await?.as_deref() == Some(text))
        })
        .await
    }

    /// Presses keys one after the other, wherever the focus is.
    ///
    /// # Errors
    /// When the window doesn't answer.
    pub async fn press(&self, keys: &str) -> Result<()> {
        let actions = keys.chars().fold(KeyActions::new("keyboard".into()), |actions, value| {
            actions.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        Ok(self.client.perform_actions(actions).await?)
    }

    /// Presses a key while another, such as Ctrl or Shift, is held.
    ///
    /// # Errors
    /// When the window doesn't answer.
    pub async fn press_with(&self, held: char, key: char) -> Result<()> {
        let actions = KeyActions::new("keyboard".into())
            .then(KeyAction::Down { value: held })
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key })
            .then(KeyAction::Up { value: held });
        Ok(self.client.perform_actions(actions).await?)
    }

    /// Waits for an element and gives its text as shown.
    ///
    /// # Errors
    /// When it doesn't appear.
    pub async fn text(&self, seek: &Seek) -> Result<String> {
        Ok(self.find(seek).await?.text().await?)
    }

    /// Waits until an element shows this text, among others.
    ///
    /// # Errors
    /// When it never does; the error says what was shown last.
    pub async fn shows(&self, seek: &Seek, text: &str) -> Result<()> {
        let mut shown = String::from("nothing");
        let seen = until("", PATIENCE, async || {
            for element in find::visible(&self.client, seek).await? {
                // An element may be redrawn between being found and being read.
                shown = element.text().await.unwrap_or_default();
                if shown.contains(text) {
                    return Ok(Some(()));
                }
            }
            Ok(None)
        })
        .await;
        seen.map_err(|error| match error {
            Error::Late { within, .. } => Error::Late {
                what: format!("“{text}” in {seek}, which shows “{shown}”"),
                within,
            },
            other => other,
        })
    }

    /// Runs a script in the page and gives what it returns.
    ///
    /// # Errors
    /// When it throws.
    pub async fn run(&self, script: &str) -> Result<serde_json::Value> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// Gives the window a place and size, and waits until the page has it.
    ///
    /// # Errors
    /// When it doesn't take it.
    pub async fn resize(&self, (width, height): (u32, u32)) -> Result<()> {
        self.client.set_window_rect(0, 0, width, height).await?;
        until(&format!("a window of {width}x{height}"), PATIENCE, async || {
            let inner = self.run("return [innerWidth, innerHeight]").await?;
            Ok((inner == serde_json::json!([width, height])).then_some(()))
        })
        .await
    }

    /// Saves a picture of the window as it is on the display, with everything that has happened
    /// in the page by now. The window has to stand in the upper left corner: see [`Self::resize`].
    ///
    /// # Errors
    /// When the display never shows what the page has, or the picture can't be saved.
    pub async fn photograph(&self, desktop: &Desktop, picture: &Path) -> Result<()> {
        let inner = self.run("return [innerWidth, innerHeight]").await?;
        let side = |index: usize| inner[index].as_u64().and_then(|side| u32::try_from(side).ok());
        let size =
            side(0).zip(side(1)).ok_or_else(|| Error::program("the page", "it has no size"))?;
        self.painted(desktop, size).await?;
        desktop.photograph(size, picture).await
    }

    /// The display lags behind the page, also WebDriver's own screenshots do. So a mark is put in
    /// the page's corner and taken away again, and the display has to show both.
    async fn painted(&self, desktop: &Desktop, (width, height): (u32, u32)) -> Result<()> {
        let corner = (width - 1, height - 1);
        self.run(SHOW_MARK).await?;
        until("the display to show the page", PATIENCE, async || {
            Ok((desktop.colour(corner).await? == MARK).then_some(()))
        })
        .await?;
        self.run("document.getElementById('painted-mark').remove()").await?;
        until("the display to show the page", PATIENCE, async || {
            Ok((desktop.colour(corner).await? != MARK).then_some(()))
        })
        .await
    }

    async fn insist(
        &self,
        what: &str,
        seek: &Seek,
        act: impl AsyncFn(&Element) -> std::result::Result<bool, fantoccini::error::CmdError>,
    ) -> Result<()> {
        let mut refused = String::from("it is not there");
        let done = until(what, PATIENCE, async || {
            let Some(element) = find::visible(&self.client, seek).await?.into_iter().next() else {
                return Ok(None);
            };
            match act(&element).await {
                Ok(done) => Ok(done.then_some(())),
                Err(fantoccini::error::CmdError::Standard(why)) => {
                    refused = why.to_string();
                    Ok(None)
                }
                Err(error) => Err(error.into()),
            }
        })
        .await;
        done.map_err(|error| match error {
            Error::Late { what, within } => {
                Error::Late { what: format!("{what} ({refused})"), within }
            }
            other => other,
        })
    }
}
