//! `export`.

use std::io::{self, BufWriter, Write as _};

use heirloom_engine::export::{self, Part};

use crate::args::{Common, Export, Format};
use crate::desk;
use crate::exit::{Exit, Failure, Result};
use crate::output;

pub async fn run(common: &Common, arguments: Export) -> Result {
    let engine = desk::engine(common)?;
    let id = desk::reading(&engine, common).await?.id;
    let format = match arguments.format {
        Format::Json => export::Format::Json,
        Format::Csv => export::Format::Csv,
        Format::Html => export::Format::Html,
    };
    let Some(path) = arguments.output else {
        let out = engine.export(id, Part::default(), format, BufWriter::new(io::stdout())).await;
        return match out {
            Err(heirloom_engine::Error::File { source, .. }) => Err(Failure::Output(source)),
            other => {
                other?.flush()?;
                Ok(Exit::Done)
            }
        };
    };
    engine.export_to(id, Part::default(), format, path.clone()).await.map_err(not_written)?;
    output::note(format!("Written to {}", path.display()));
    Ok(Exit::Done)
}

/// What is said when a file could not be written.
pub fn not_written(error: heirloom_engine::Error) -> Failure {
    match error {
        heirloom_engine::Error::File { path, source } => {
            Failure::Other(format!("cannot write {path}: {source}"))
        }
        other => other.into(),
    }
}
