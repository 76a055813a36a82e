//! `export`.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use heirloom_engine::export;

use crate::args::{Common, Export, Format};
use crate::desk;
use crate::exit::{Exit, Failure, Result};
use crate::output;

pub async fn run(common: &Common, arguments: Export) -> Result {
    let engine = desk::engine(common)?;
    let id = desk::named(&engine, common).await?.id;
    let format = match arguments.format {
        Format::Json => export::Format::Json,
        Format::Csv => export::Format::Csv,
        Format::Html => export::Format::Html,
    };
    let Some(path) = arguments.output else {
        let out = engine.export(id, format, BufWriter::new(io::stdout())).await;
        return match out {
            Err(heirloom_engine::Error::File { source, .. }) => Err(Failure::Output(source)),
            other => {
                other?.flush()?;
                Ok(Exit::Done)
            }
        };
    };
    let failed = |error| Failure::Other(format!("cannot write {}: {error}", path.display()));
    // Beside the target first: a failed export must not leave half a file, nor harm an earlier one.
    let part = path.with_added_extension("part");
    let file = private(&part).map_err(failed)?;
    let written = engine.export(id, format, BufWriter::new(file)).await;
    let kept = match written {
        Ok(mut out) => out
            .flush()
            .and_then(|()| out.get_ref().sync_all())
            .and_then(|()| std::fs::rename(&part, &path))
            .map_err(failed),
        Err(error) => Err(error.into()),
    };
    if kept.is_err() {
        drop(std::fs::remove_file(&part));
    }
    kept?;
    output::note(format!("Written to {}", path.display()));
    Ok(Exit::Done)
}

/// A file that only its owner can read: it holds a company's addresses and account names.
fn private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let file = options.open(path)?;
    // One that was there before keeps its own permissions otherwise.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(file)
}
