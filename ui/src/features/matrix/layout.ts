/** Width of the first column, of the others, and height of the head. */
export const NAME = 296;
export const CELL = 86;
export const HEAD = 62;
