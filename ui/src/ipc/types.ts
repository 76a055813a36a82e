/** What crosses between the window and the app, as generated. Types only: calls go through `backend.ts`. */
export type * from "./bindings.gen";
