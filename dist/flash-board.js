export { t as flashBoard } from "./flash-board2.js";
