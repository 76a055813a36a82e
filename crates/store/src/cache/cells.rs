//! The states of one scope's rows, packed into a column of the scope: a filter over the estate
//! looks at one short text of bytes per scope instead of ten rows.
//!
//! Five bytes each, by kind: its number (4, little end first), then state (low four bits) and link.

use heirloom_core::row::State;

use super::facts::{state, state_number};

/// What a filter can ask of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) kind: u32,
    pub(crate) state: State,
    /// Custom or inherited; none where nothing is stored or the server does not say.
    pub(crate) custom: Option<bool>,
}

const SIZE: usize = 5;
const CUSTOM: u8 = 1 << 4;
const INHERITED: u8 = 2 << 4;

/// Reads packed cells, in the order of kinds.
pub(crate) fn unpack(bytes: &[u8]) -> impl Iterator<Item = Cell> {
    bytes.chunks_exact(SIZE).map(|chunk| {
        let (number, about) = chunk.split_at(SIZE - 1);
        let about = about.first().copied().unwrap_or_default();
        Cell {
            kind: number.try_into().map(u32::from_le_bytes).unwrap_or_default(),
            state: state(i64::from(about & 0x0f)),
            custom: match about & 0xf0 {
                CUSTOM => Some(true),
                INHERITED => Some(false),
                _ => None,
            },
        }
    })
}

/// Packs cells; they must be in the order of kinds.
pub(crate) fn pack(cells: &[Cell]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(cells.len() * SIZE);
    for cell in cells {
        bytes.extend(cell.kind.to_le_bytes());
        let link = match cell.custom {
            Some(true) => CUSTOM,
            Some(false) => INHERITED,
            None => 0,
        };
        bytes.push(u8::try_from(state_number(cell.state)).unwrap_or(7) | link);
    }
    bytes
}

/// Puts a kind's cell in place, or takes it away.
pub(crate) fn set(cells: &mut Vec<Cell>, kind: u32, cell: Option<Cell>) {
    match (cells.binary_search_by_key(&kind, |cell| cell.kind), cell) {
        (Ok(index), Some(cell)) => {
            if let Some(held) = cells.get_mut(index) {
                *held = cell;
            }
        }
        (Ok(index), None) => drop(cells.remove(index)),
        (Err(index), Some(cell)) => cells.insert(index, cell),
        (Err(_), None) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back() {
        let mut cells = Vec::new();
        for (kind, state) in (1..).step_by(77_000).zip(State::ALL) {
            for custom in [None, Some(true), Some(false)] {
                set(&mut cells, kind, Some(Cell { kind, state, custom }));
                assert_eq!(
                    unpack(&pack(&cells)).collect::<Vec<_>>(),
                    cells,
                    "every state and link"
                );
            }
        }
        let kinds: Vec<u32> = cells.iter().map(|cell| cell.kind).collect();
        assert!(kinds.is_sorted() && kinds.len() == State::ALL.len(), "one each, in order");
        for kind in kinds {
            set(&mut cells, kind, None);
        }
        assert_eq!(pack(&cells), [0_u8; 0], "nothing is left");
    }
}
