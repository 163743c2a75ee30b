/** Name of the state that the step leaves for its `post` step: a JSON list of `KeptBoard`. */
export const KEPT_STATE = "kept-boards";
