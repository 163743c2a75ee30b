export { r as loadUrl } from "./remote.js";
