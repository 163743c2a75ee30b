export { t as flashBoard } from "./flash-board.js";
