//! The shape of a plan file, read as it comes: what it says of the whole is told as soon as it is
//! known, and each step by itself.

use std::fmt;
use std::marker::PhantomData;

use heirloom_store::app::journal::Touch;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{FileSkipped, FileStep, Instance, Undone};
use crate::Result;

/// Who is told what a file says.
pub(super) trait Reader {
    fn version(&mut self, version: u32) -> Result<()>;
    fn instance(&mut self, instance: &Instance) -> Result<()>;
    fn planned_at(&mut self, planned_at: Timestamp) -> Result<()>;
    fn undoes(&mut self, undone: Undone);
    fn step(&mut self, step: FileStep) -> Result<()>;
    fn touched(&mut self, how: Touch, path: &str);
}

/// Reads a file to its end. What the reader says ends it, and is told in its place.
pub(super) fn read(
    file: impl std::io::Read,
    reader: &mut impl Reader,
) -> std::result::Result<Result<()>, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_reader(file);
    let mut told = Told { reader, refused: None };
    let read = Plan(&mut told).deserialize(&mut json).and_then(|()| json.end());
    match told.refused {
        Some(refused) => Ok(Err(refused)),
        None => read.map(Ok),
    }
}

/// A reader, and what it had against going on.
struct Told<'a, R> {
    reader: &'a mut R,
    refused: Option<crate::Error>,
}

impl<R> Told<'_, R> {
    fn tell<E: Error>(
        &mut self,
        what: impl FnOnce(&mut R) -> Result<()>,
    ) -> std::result::Result<(), E> {
        what(self.reader).map_err(|refused| {
            let words = E::custom(&refused);
            self.refused = Some(refused);
            words
        })
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Key {
    Version,
    Instance,
    PlannedAt,
    Undoes,
    Steps,
    Skipped,
    Blast,
    #[serde(other)]
    Other,
}

/// What a file must have.
const KEYS: [(Key, &str); 6] = [
    (Key::Version, "version"),
    (Key::Instance, "instance"),
    (Key::PlannedAt, "planned_at"),
    (Key::Steps, "steps"),
    (Key::Skipped, "skipped"),
    (Key::Blast, "blast"),
];

struct Plan<'t, 'r, R>(&'t mut Told<'r, R>);

impl<'de, R: Reader> DeserializeSeed<'de> for Plan<'_, '_, R> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> std::result::Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de, R: Reader> Visitor<'de> for Plan<'_, '_, R> {
    type Value = ();

    fn expecting(&self, words: &mut fmt::Formatter<'_>) -> fmt::Result {
        words.write_str("a plan")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut file: A) -> std::result::Result<(), A::Error> {
        let Self(told) = self;
        let mut met = Vec::new();
        while let Some(key) = file.next_key::<Key>()? {
            if key != Key::Other && met.contains(&key) {
                let name = KEYS.iter().find(|(it, _)| *it == key).map_or("undoes", |it| it.1);
                return Err(A::Error::duplicate_field(name));
            }
            met.push(key);
            match key {
                Key::Version => {
                    let version = file.next_value()?;
                    told.tell(|it| it.version(version))?;
                }
                Key::Instance => {
                    let instance: Instance = file.next_value()?;
                    told.tell(|it| it.instance(&instance))?;
                }
                Key::PlannedAt => {
                    let at = file.next_value()?;
                    told.tell(|it| it.planned_at(at))?;
                }
                Key::Undoes => {
                    if let Some(undone) = file.next_value()? {
                        told.reader.undoes(undone);
                    }
                }
                Key::Steps => file
                    .next_value_seed(Each::new(|step| told.tell::<A::Error>(|it| it.step(step))))?,
                Key::Skipped => {
                    file.next_value::<Passed<FileSkipped>>()?;
                }
                Key::Blast => file.next_value_seed(Blast(&mut *told.reader))?,
                Key::Other => {
                    file.next_value::<IgnoredAny>()?;
                }
            }
        }
        match KEYS.iter().find(|(key, _)| !met.contains(key)) {
            Some((_, missing)) => Err(A::Error::missing_field(missing)),
            None => Ok(()),
        }
    }
}

/// A sort of scopes that are touched, or something a later format has.
#[derive(Deserialize)]
#[serde(untagged)]
enum Sort {
    Known(Touch),
    Other(IgnoredAny),
}

/// Full paths of who else is touched: they are found out again when the file is taken up, and must
/// be the same.
struct Blast<'r, R>(&'r mut R);

impl<'de, R: Reader> DeserializeSeed<'de> for Blast<'_, R> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> std::result::Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de, R: Reader> Visitor<'de> for Blast<'_, R> {
    type Value = ();

    fn expecting(&self, words: &mut fmt::Formatter<'_>) -> fmt::Result {
        words.write_str("who else is touched")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut lists: A) -> std::result::Result<(), A::Error> {
        let Self(reader) = self;
        let mut met = Vec::new();
        while let Some(sort) = lists.next_key::<Sort>()? {
            let Sort::Known(how) = sort else {
                lists.next_value::<IgnoredAny>()?;
                continue;
            };
            if met.contains(&how) {
                return Err(A::Error::custom(format_args!("{how:?} is in it twice")));
            }
            met.push(how);
            lists.next_value_seed(Each::new(|path: String| {
                reader.touched(how, &path);
                Ok::<_, A::Error>(())
            }))?;
        }
        match Touch::ALL.into_iter().find(|how| !met.contains(how)) {
            Some(missing) => Err(A::Error::custom(format_args!("it does not say {missing:?}"))),
            None => Ok(()),
        }
    }
}

/// A list that must have its shape, of which nothing is kept.
struct Passed<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Passed<T> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> std::result::Result<Self, D::Error> {
        Each::new(|_: T| Ok::<_, D::Error>(())).deserialize(json)?;
        Ok(Self(PhantomData))
    }
}

/// A list whose entries are shown one by one.
struct Each<F, T>(F, PhantomData<T>);

impl<F, T> Each<F, T> {
    const fn new(show: F) -> Self {
        Self(show, PhantomData)
    }
}

impl<'de, F, T, E> DeserializeSeed<'de> for Each<F, T>
where
    F: FnMut(T) -> std::result::Result<(), E>,
    T: Deserialize<'de>,
    E: fmt::Display,
{
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> std::result::Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de, F, T, E> Visitor<'de> for Each<F, T>
where
    F: FnMut(T) -> std::result::Result<(), E>,
    T: Deserialize<'de>,
    E: fmt::Display,
{
    type Value = ();

    fn expecting(&self, words: &mut fmt::Formatter<'_>) -> fmt::Result {
        words.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> std::result::Result<(), A::Error> {
        while let Some(entry) = list.next_element()? {
            (self.0)(entry).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}
