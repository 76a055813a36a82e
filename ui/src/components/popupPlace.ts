import type { RefObject } from "react";

/**
 * Where menus are put, so that they stand within a landmark: someone who goes from landmark to landmark
 * finds them there. Without a shell around (as in tests) they go to the end of the page.
 */
export const popupPlace: RefObject<HTMLDivElement | null> = { current: null };
