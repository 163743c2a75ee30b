import { n as boardFacts, t as workOnBoard } from "./work-on-board.js";
// src/flash/board-info.ts
/** The ROM takes the flash for this size where the chip does not tell it; nothing is read or written there. */
const UNTOLD_FLASH_SIZE = "1MB";
/**
* Asks the ROM who it is, without a stub. Changes nothing, in flash or eFuses; the board is reset into its loader for it,
* and left as `wish.after` says. Rejects as `workOnBoard`.
*/
function readBoardInfo(transport, wish, deps) {
	let answered = false;
	const settings = { size: UNTOLD_FLASH_SIZE };
	return workOnBoard(transport, {
		...wish,
		stub: false,
		settings,
		baud: "auto"
	}, deps, {
		attempt: (board) => {
			answered = true;
			const { security } = board.device;
			const facts = boardFacts(board);
			const flashSizeBytes = security.secureDownload ? void 0 : facts.flashSizeBytes;
			return Promise.resolve({
				...facts,
				flashSizeBytes,
				security
			});
		},
		furthestBytes: () => answered ? 0 : -1,
		changed: () => false
	});
}
export { readBoardInfo as t };
