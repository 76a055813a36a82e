//! What a person at the display would do and see: close a window, look at it.

use std::path::Path;

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, Window};
use x11rb::rust_connection::RustConnection;

use super::Desktop;
use crate::{Error, Result, process};

/// A colour, by its red, green and blue.
pub type Colour = (u8, u8, u8);

impl Desktop {
    /// Saves a picture of the display's upper left `size`, as it is painted now.
    ///
    /// # Errors
    /// When ImageMagick's `import` is missing or fails.
    pub async fn photograph(&self, (width, height): (u32, u32), picture: &Path) -> Result<()> {
        let mut import = self.command("import");
        import
            .args(["-silent", "-window", "root", "-crop", &format!("{width}x{height}+0+0")])
            .arg("+repage")
            .arg(picture);
        process::output("import", import).await.map(drop)
    }

    /// The colour of one point of the display, as it is painted now.
    ///
    /// # Errors
    /// When ImageMagick's `import` is missing or fails.
    pub async fn colour(&self, (x, y): (u32, u32)) -> Result<Colour> {
        let mut import = self.command("import");
        import
            .args(["-silent", "-window", "root", "-crop", &format!("1x1+{x}+{y}")])
            .args(["-depth", "8", "rgb:-"]);
        match process::bytes("import", import).await?.as_slice() {
            [red, green, blue] => Ok((*red, *green, *blue)),
            other => Err(Error::program("import", format!("not one point, but {other:?}"))),
        }
    }

    /// Asks every window of the display to close, as its close button does.
    ///
    /// # Errors
    /// When the display doesn't answer.
    pub fn close_windows(&self) -> Result<()> {
        self.ask_to_close().map_err(|why| Error::program("the display", why.to_string()))
    }

    fn ask_to_close(&self) -> std::result::Result<(), Box<dyn std::error::Error>> {
        let (display, screen) = RustConnection::connect(Some(&self.display_name))?;
        let protocols = display.intern_atom(false, b"WM_PROTOCOLS")?.reply()?.atom;
        let delete = display.intern_atom(false, b"WM_DELETE_WINDOW")?.reply()?.atom;
        let root = display.setup().roots[screen].root;
        for window in display.query_tree(root)?.reply()?.children {
            if offers(&display, window, protocols, delete)? {
                let message = ClientMessageEvent::new(32, window, protocols, [delete, 0, 0, 0, 0]);
                display.send_event(false, window, EventMask::NO_EVENT, message)?;
            }
        }
        display.flush()?;
        Ok(())
    }
}

/// Whether a window says that it understands being asked to close.
fn offers(
    display: &RustConnection,
    window: Window,
    protocols: u32,
    wanted: u32,
) -> std::result::Result<bool, Box<dyn std::error::Error>> {
    let request = display.get_property(false, window, protocols, AtomEnum::ATOM, 0, 16)?;
    let Ok(property) = request.reply() else { return Ok(false) };
    Ok(property.value32().is_some_and(|mut offered| offered.any(|one| one == wanted)))
}
