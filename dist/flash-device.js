import { B as isBlank, F as alignUp, I as concatBytes, L as formatBytes, P as alignDown, V as joinedView, W as toHex, at as FlashError, lt as sleep, z as hex32 } from "./first-line.js";
import { An as isEspressifUsb, B as checkImages, D as noJournal, F as checkLayout, H as refuse, I as tableOfJob, J as isAppPartition, K as PARTITION_TABLE_OFFSET, L as applySettings, M as preservedPartitions, N as partitionNamed, O as flashedApp, P as placeInTable, R as declaredFlashBytes, U as contentOf, V as rangeOf, W as beginsAsImage, Y as looksLikePartitionTable, _t as sha256, an as spiSetParams, ft as SECTOR_BYTES, gt as subtract, ht as sectorsOf, j as checkWritable, mt as overlaps, pt as desiredRanges, z as addressableBytes } from "./step.js";
import { a as md5OfBlank, i as md5Of, n as imageLengthAt, r as readTable, t as faultAt } from "./boot-parts.js";
import { n as boardFacts, t as workOnBoard } from "./work-on-board.js";
import { t as checkAfter } from "./finish.js";
import { createInflate } from "node:zlib";
// src/flash/blank.ts
/** A range that shall be blank, as an image: of whole sectors, it is erased and not sent. `name` is for people. */
function blankImage(name, { offset, lengthBytes }) {
	const bytes = new Uint8Array(lengthBytes).fill(255);
	return {
		name,
		offset,
		bytes,
		sha256: toHex(sha256(bytes))
	};
}
// node_modules/pako/dist/pako.mjs
var Z_FIXED$1 = 4;
var Z_BINARY = 0;
var Z_TEXT = 1;
var Z_UNKNOWN = 2;
function zero$1(buf) {
	let len = buf.length;
	while (--len >= 0) buf[len] = 0;
}
var LENGTH_CODES = 29;
var LITERALS = 256;
var L_CODES = 286;
var D_CODES = 30;
var BL_CODES = 19;
var HEAP_SIZE$1 = 573;
var MAX_BITS = 15;
var Buf_size = 16;
var MAX_BL_BITS = 7;
var END_BLOCK = 256;
var REP_3_6 = 16;
var REPZ_3_10 = 17;
var REPZ_11_138 = 18;
var extra_lbits = new Uint8Array([
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	1,
	1,
	1,
	1,
	2,
	2,
	2,
	2,
	3,
	3,
	3,
	3,
	4,
	4,
	4,
	4,
	5,
	5,
	5,
	5,
	0
]);
var extra_dbits = new Uint8Array([
	0,
	0,
	0,
	0,
	1,
	1,
	2,
	2,
	3,
	3,
	4,
	4,
	5,
	5,
	6,
	6,
	7,
	7,
	8,
	8,
	9,
	9,
	10,
	10,
	11,
	11,
	12,
	12,
	13,
	13
]);
var extra_blbits = new Uint8Array([
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	2,
	3,
	7
]);
var bl_order = new Uint8Array([
	16,
	17,
	18,
	0,
	8,
	7,
	9,
	6,
	10,
	5,
	11,
	4,
	12,
	3,
	13,
	2,
	14,
	1,
	15
]);
var DIST_CODE_LEN = 512;
var static_ltree = new Array(576);
zero$1(static_ltree);
var static_dtree = new Array(D_CODES * 2);
zero$1(static_dtree);
var _dist_code = new Array(DIST_CODE_LEN);
zero$1(_dist_code);
var _length_code = new Array(256);
zero$1(_length_code);
var base_length = new Array(LENGTH_CODES);
zero$1(base_length);
var base_dist = new Array(D_CODES);
zero$1(base_dist);
var StaticTreeDesc = class {
	constructor(static_tree, extra_bits, extra_base, elems, max_length) {
		this.static_tree = static_tree;
		this.extra_bits = extra_bits;
		this.extra_base = extra_base;
		this.elems = elems;
		this.max_length = max_length;
		this.has_stree = static_tree && static_tree.length;
	}
};
var static_l_desc;
var static_d_desc;
var static_bl_desc;
var TreeDesc = class {
	constructor(dyn_tree, stat_desc) {
		this.dyn_tree = dyn_tree;
		this.max_code = 0;
		this.stat_desc = stat_desc;
	}
};
var d_code = (dist) => {
	return dist < 256 ? _dist_code[dist] : _dist_code[256 + (dist >>> 7)];
};
var put_short = (s, w) => {
	s.pending_buf[s.pending++] = w & 255;
	s.pending_buf[s.pending++] = w >>> 8 & 255;
};
var send_bits = (s, value, length) => {
	if (s.bi_valid > Buf_size - length) {
		s.bi_buf |= value << s.bi_valid & 65535;
		put_short(s, s.bi_buf);
		s.bi_buf = value >> Buf_size - s.bi_valid;
		s.bi_valid += length - Buf_size;
	} else {
		s.bi_buf |= value << s.bi_valid & 65535;
		s.bi_valid += length;
	}
};
var send_code = (s, c, tree) => {
	send_bits(s, tree[c * 2], tree[c * 2 + 1]);
};
var bi_reverse = (code, len) => {
	let res = 0;
	do {
		res |= code & 1;
		code >>>= 1;
		res <<= 1;
	} while (--len > 0);
	return res >>> 1;
};
var bi_flush = (s) => {
	if (s.bi_valid === 16) {
		put_short(s, s.bi_buf);
		s.bi_buf = 0;
		s.bi_valid = 0;
	} else if (s.bi_valid >= 8) {
		s.pending_buf[s.pending++] = s.bi_buf & 255;
		s.bi_buf >>= 8;
		s.bi_valid -= 8;
	}
};
var gen_bitlen = (s, desc) => {
	const tree = desc.dyn_tree;
	const max_code = desc.max_code;
	const stree = desc.stat_desc.static_tree;
	const has_stree = desc.stat_desc.has_stree;
	const extra = desc.stat_desc.extra_bits;
	const base = desc.stat_desc.extra_base;
	const max_length = desc.stat_desc.max_length;
	let h;
	let n, m;
	let bits;
	let xbits;
	let f;
	let overflow = 0;
	for (bits = 0; bits <= MAX_BITS; bits++) s.bl_count[bits] = 0;
	tree[s.heap[s.heap_max] * 2 + 1] = 0;
	for (h = s.heap_max + 1; h < HEAP_SIZE$1; h++) {
		n = s.heap[h];
		bits = tree[tree[n * 2 + 1] * 2 + 1] + 1;
		if (bits > max_length) {
			bits = max_length;
			overflow++;
		}
		tree[n * 2 + 1] = bits;
		if (n > max_code) continue;
		s.bl_count[bits]++;
		xbits = 0;
		if (n >= base) xbits = extra[n - base];
		f = tree[n * 2];
		s.opt_len += f * (bits + xbits);
		if (has_stree) s.static_len += f * (stree[n * 2 + 1] + xbits);
	}
	if (overflow === 0) return;
	do {
		bits = max_length - 1;
		while (s.bl_count[bits] === 0) bits--;
		s.bl_count[bits]--;
		s.bl_count[bits + 1] += 2;
		s.bl_count[max_length]--;
		overflow -= 2;
	} while (overflow > 0);
	for (bits = max_length; bits !== 0; bits--) {
		n = s.bl_count[bits];
		while (n !== 0) {
			m = s.heap[--h];
			if (m > max_code) continue;
			if (tree[m * 2 + 1] !== bits) {
				s.opt_len += (bits - tree[m * 2 + 1]) * tree[m * 2];
				tree[m * 2 + 1] = bits;
			}
			n--;
		}
	}
};
var gen_codes = (tree, max_code, bl_count) => {
	const next_code = new Array(16);
	let code = 0;
	let bits;
	let n;
	for (bits = 1; bits <= MAX_BITS; bits++) {
		code = code + bl_count[bits - 1] << 1;
		next_code[bits] = code;
	}
	for (n = 0; n <= max_code; n++) {
		let len = tree[n * 2 + 1];
		if (len === 0) continue;
		tree[n * 2] = bi_reverse(next_code[len]++, len);
	}
};
var tr_static_init = () => {
	let n;
	let bits;
	let length;
	let code;
	let dist;
	const bl_count = new Array(16);
	length = 0;
	for (code = 0; code < LENGTH_CODES - 1; code++) {
		base_length[code] = length;
		for (n = 0; n < 1 << extra_lbits[code]; n++) _length_code[length++] = code;
	}
	_length_code[length - 1] = code;
	dist = 0;
	for (code = 0; code < 16; code++) {
		base_dist[code] = dist;
		for (n = 0; n < 1 << extra_dbits[code]; n++) _dist_code[dist++] = code;
	}
	dist >>= 7;
	for (; code < D_CODES; code++) {
		base_dist[code] = dist << 7;
		for (n = 0; n < 1 << extra_dbits[code] - 7; n++) _dist_code[256 + dist++] = code;
	}
	for (bits = 0; bits <= MAX_BITS; bits++) bl_count[bits] = 0;
	n = 0;
	while (n <= 143) {
		static_ltree[n * 2 + 1] = 8;
		n++;
		bl_count[8]++;
	}
	while (n <= 255) {
		static_ltree[n * 2 + 1] = 9;
		n++;
		bl_count[9]++;
	}
	while (n <= 279) {
		static_ltree[n * 2 + 1] = 7;
		n++;
		bl_count[7]++;
	}
	while (n <= 287) {
		static_ltree[n * 2 + 1] = 8;
		n++;
		bl_count[8]++;
	}
	gen_codes(static_ltree, 287, bl_count);
	for (n = 0; n < D_CODES; n++) {
		static_dtree[n * 2 + 1] = 5;
		static_dtree[n * 2] = bi_reverse(n, 5);
	}
	static_l_desc = new StaticTreeDesc(static_ltree, extra_lbits, 257, L_CODES, MAX_BITS);
	static_d_desc = new StaticTreeDesc(static_dtree, extra_dbits, 0, D_CODES, MAX_BITS);
	static_bl_desc = new StaticTreeDesc(new Array(0), extra_blbits, 0, BL_CODES, MAX_BL_BITS);
};
var init_block = (s) => {
	let n = 0;
	for (; n < L_CODES; n++) s.dyn_ltree[n * 2] = 0;
	for (n = 0; n < D_CODES; n++) s.dyn_dtree[n * 2] = 0;
	for (n = 0; n < BL_CODES; n++) s.bl_tree[n * 2] = 0;
	s.dyn_ltree[END_BLOCK * 2] = 1;
	s.opt_len = s.static_len = 0;
	s.sym_next = s.matches = 0;
};
var bi_windup = (s) => {
	if (s.bi_valid > 8) put_short(s, s.bi_buf);
	else if (s.bi_valid > 0) s.pending_buf[s.pending++] = s.bi_buf;
	s.bi_buf = 0;
	s.bi_valid = 0;
};
var smaller = (tree, n, m, depth) => {
	const _n2 = n * 2;
	const _m2 = m * 2;
	return tree[_n2] < tree[_m2] || tree[_n2] === tree[_m2] && depth[n] <= depth[m];
};
var pqdownheap = (s, tree, k) => {
	const v = s.heap[k];
	let j = k << 1;
	while (j <= s.heap_len) {
		if (j < s.heap_len && smaller(tree, s.heap[j + 1], s.heap[j], s.depth)) j++;
		if (smaller(tree, v, s.heap[j], s.depth)) break;
		s.heap[k] = s.heap[j];
		k = j;
		j <<= 1;
	}
	s.heap[k] = v;
};
var compress_block = (s, ltree, dtree) => {
	let dist;
	let lc;
	let sx = 0;
	let code;
	let extra;
	if (s.sym_next !== 0) do {
		dist = s.pending_buf[s.sym_buf + sx++] & 255;
		dist += (s.pending_buf[s.sym_buf + sx++] & 255) << 8;
		lc = s.pending_buf[s.sym_buf + sx++];
		if (dist === 0) send_code(s, lc, ltree);
		else {
			code = _length_code[lc];
			send_code(s, code + LITERALS + 1, ltree);
			extra = extra_lbits[code];
			if (extra !== 0) {
				lc -= base_length[code];
				send_bits(s, lc, extra);
			}
			dist--;
			code = d_code(dist);
			send_code(s, code, dtree);
			extra = extra_dbits[code];
			if (extra !== 0) {
				dist -= base_dist[code];
				send_bits(s, dist, extra);
			}
		}
	} while (sx < s.sym_next);
	send_code(s, END_BLOCK, ltree);
};
var build_tree = (s, desc) => {
	const tree = desc.dyn_tree;
	const stree = desc.stat_desc.static_tree;
	const has_stree = desc.stat_desc.has_stree;
	const elems = desc.stat_desc.elems;
	let n, m;
	let max_code = -1;
	let node;
	s.heap_len = 0;
	s.heap_max = HEAP_SIZE$1;
	for (n = 0; n < elems; n++) if (tree[n * 2] !== 0) {
		s.heap[++s.heap_len] = max_code = n;
		s.depth[n] = 0;
	} else tree[n * 2 + 1] = 0;
	while (s.heap_len < 2) {
		node = s.heap[++s.heap_len] = max_code < 2 ? ++max_code : 0;
		tree[node * 2] = 1;
		s.depth[node] = 0;
		s.opt_len--;
		if (has_stree) s.static_len -= stree[node * 2 + 1];
	}
	desc.max_code = max_code;
	for (n = s.heap_len >> 1; n >= 1; n--) pqdownheap(s, tree, n);
	node = elems;
	do {
		/*** pqremove ***/
		n = s.heap[1];
		s.heap[1] = s.heap[s.heap_len--];
		pqdownheap(s, tree, 1);
		m = s.heap[1];
		s.heap[--s.heap_max] = n;
		s.heap[--s.heap_max] = m;
		tree[node * 2] = tree[n * 2] + tree[m * 2];
		s.depth[node] = (s.depth[n] >= s.depth[m] ? s.depth[n] : s.depth[m]) + 1;
		tree[n * 2 + 1] = tree[m * 2 + 1] = node;
		s.heap[1] = node++;
		pqdownheap(s, tree, 1);
	} while (s.heap_len >= 2);
	s.heap[--s.heap_max] = s.heap[1];
	gen_bitlen(s, desc);
	gen_codes(tree, max_code, s.bl_count);
};
var scan_tree = (s, tree, max_code) => {
	let n;
	let prevlen = -1;
	let curlen;
	let nextlen = tree[1];
	let count = 0;
	let max_count = 7;
	let min_count = 4;
	if (nextlen === 0) {
		max_count = 138;
		min_count = 3;
	}
	tree[(max_code + 1) * 2 + 1] = 65535;
	for (n = 0; n <= max_code; n++) {
		curlen = nextlen;
		nextlen = tree[(n + 1) * 2 + 1];
		if (++count < max_count && curlen === nextlen) continue;
		else if (count < min_count) s.bl_tree[curlen * 2] += count;
		else if (curlen !== 0) {
			if (curlen !== prevlen) s.bl_tree[curlen * 2]++;
			s.bl_tree[32]++;
		} else if (count <= 10) s.bl_tree[34]++;
		else s.bl_tree[36]++;
		count = 0;
		prevlen = curlen;
		if (nextlen === 0) {
			max_count = 138;
			min_count = 3;
		} else if (curlen === nextlen) {
			max_count = 6;
			min_count = 3;
		} else {
			max_count = 7;
			min_count = 4;
		}
	}
};
var send_tree = (s, tree, max_code) => {
	let n;
	let prevlen = -1;
	let curlen;
	let nextlen = tree[1];
	let count = 0;
	let max_count = 7;
	let min_count = 4;
	if (nextlen === 0) {
		max_count = 138;
		min_count = 3;
	}
	for (n = 0; n <= max_code; n++) {
		curlen = nextlen;
		nextlen = tree[(n + 1) * 2 + 1];
		if (++count < max_count && curlen === nextlen) continue;
		else if (count < min_count) do
			send_code(s, curlen, s.bl_tree);
		while (--count !== 0);
		else if (curlen !== 0) {
			if (curlen !== prevlen) {
				send_code(s, curlen, s.bl_tree);
				count--;
			}
			send_code(s, REP_3_6, s.bl_tree);
			send_bits(s, count - 3, 2);
		} else if (count <= 10) {
			send_code(s, REPZ_3_10, s.bl_tree);
			send_bits(s, count - 3, 3);
		} else {
			send_code(s, REPZ_11_138, s.bl_tree);
			send_bits(s, count - 11, 7);
		}
		count = 0;
		prevlen = curlen;
		if (nextlen === 0) {
			max_count = 138;
			min_count = 3;
		} else if (curlen === nextlen) {
			max_count = 6;
			min_count = 3;
		} else {
			max_count = 7;
			min_count = 4;
		}
	}
};
var build_bl_tree = (s) => {
	let max_blindex;
	scan_tree(s, s.dyn_ltree, s.l_desc.max_code);
	scan_tree(s, s.dyn_dtree, s.d_desc.max_code);
	build_tree(s, s.bl_desc);
	for (max_blindex = 18; max_blindex >= 3; max_blindex--) if (s.bl_tree[bl_order[max_blindex] * 2 + 1] !== 0) break;
	s.opt_len += 3 * (max_blindex + 1) + 5 + 5 + 4;
	return max_blindex;
};
var send_all_trees = (s, lcodes, dcodes, blcodes) => {
	let rank;
	send_bits(s, lcodes - 257, 5);
	send_bits(s, dcodes - 1, 5);
	send_bits(s, blcodes - 4, 4);
	for (rank = 0; rank < blcodes; rank++) send_bits(s, s.bl_tree[bl_order[rank] * 2 + 1], 3);
	send_tree(s, s.dyn_ltree, lcodes - 1);
	send_tree(s, s.dyn_dtree, dcodes - 1);
};
var detect_data_type = (s) => {
	let block_mask = 4093624447;
	let n = 0;
	for (; n <= 31; n++, block_mask >>>= 1) if (block_mask & 1 && s.dyn_ltree[n * 2] !== 0) return Z_BINARY;
	if (s.dyn_ltree[18] !== 0 || s.dyn_ltree[20] !== 0 || s.dyn_ltree[26] !== 0) return Z_TEXT;
	for (n = 32; n < LITERALS; n++) if (s.dyn_ltree[n * 2] !== 0) return Z_TEXT;
	return Z_BINARY;
};
var static_init_done = false;
var _tr_init = (s) => {
	if (!static_init_done) {
		tr_static_init();
		static_init_done = true;
	}
	s.l_desc = new TreeDesc(s.dyn_ltree, static_l_desc);
	s.d_desc = new TreeDesc(s.dyn_dtree, static_d_desc);
	s.bl_desc = new TreeDesc(s.bl_tree, static_bl_desc);
	s.bi_buf = 0;
	s.bi_valid = 0;
	init_block(s);
};
var _tr_stored_block = (s, buf, stored_len, last) => {
	send_bits(s, 0 + (last ? 1 : 0), 3);
	bi_windup(s);
	put_short(s, stored_len);
	put_short(s, ~stored_len);
	if (stored_len) s.pending_buf.set(s.window.subarray(buf, buf + stored_len), s.pending);
	s.pending += stored_len;
};
var _tr_align = (s) => {
	send_bits(s, 2, 3);
	send_code(s, END_BLOCK, static_ltree);
	bi_flush(s);
};
var _tr_flush_block = (s, buf, stored_len, last) => {
	let opt_lenb, static_lenb;
	let max_blindex = 0;
	if (s.level > 0) {
		if (s.strm.data_type === Z_UNKNOWN) s.strm.data_type = detect_data_type(s);
		build_tree(s, s.l_desc);
		build_tree(s, s.d_desc);
		max_blindex = build_bl_tree(s);
		opt_lenb = s.opt_len + 3 + 7 >>> 3;
		static_lenb = s.static_len + 3 + 7 >>> 3;
		if (static_lenb <= opt_lenb || s.strategy === Z_FIXED$1) opt_lenb = static_lenb;
	} else opt_lenb = static_lenb = stored_len + 5;
	if (stored_len + 4 <= opt_lenb && buf !== -1) _tr_stored_block(s, buf, stored_len, last);
	else if (s.strategy === Z_FIXED$1 || static_lenb === opt_lenb) {
		send_bits(s, 2 + (last ? 1 : 0), 3);
		compress_block(s, static_ltree, static_dtree);
	} else {
		send_bits(s, 4 + (last ? 1 : 0), 3);
		send_all_trees(s, s.l_desc.max_code + 1, s.d_desc.max_code + 1, max_blindex + 1);
		compress_block(s, s.dyn_ltree, s.dyn_dtree);
	}
	init_block(s);
	if (last) bi_windup(s);
};
var _tr_tally = (s, dist, lc) => {
	s.pending_buf[s.sym_buf + s.sym_next++] = dist;
	s.pending_buf[s.sym_buf + s.sym_next++] = dist >> 8;
	s.pending_buf[s.sym_buf + s.sym_next++] = lc;
	if (dist === 0) s.dyn_ltree[lc * 2]++;
	else {
		s.matches++;
		dist--;
		s.dyn_ltree[(_length_code[lc] + LITERALS + 1) * 2]++;
		s.dyn_dtree[d_code(dist) * 2]++;
	}
	return s.sym_next === s.sym_end;
};
var adler32 = (adler, buf, len, pos) => {
	let s1 = adler & 65535 | 0, s2 = adler >>> 16 & 65535 | 0, n = 0;
	while (len !== 0) {
		n = len > 2e3 ? 2e3 : len;
		len -= n;
		do {
			s1 = s1 + buf[pos++] | 0;
			s2 = s2 + s1 | 0;
		} while (--n);
		s1 %= 65521;
		s2 %= 65521;
	}
	return s1 | s2 << 16 | 0;
};
var makeTable = () => {
	const table = /* @__PURE__ */ new Uint32Array(2048);
	let c;
	for (let n = 0; n < 256; n++) {
		c = n;
		for (let k = 0; k < 8; k++) c = c & 1 ? 3988292384 ^ c >>> 1 : c >>> 1;
		table[n] = c;
	}
	for (let n = 0; n < 256; n++) {
		c = table[n];
		for (let k = 256; k < 2048; k += 256) {
			c = table[c & 255] ^ c >>> 8;
			table[k + n] = c;
		}
	}
	return table;
};
var crcTable = makeTable();
var crc32 = (crc, buf, len, pos) => {
	const t = crcTable;
	const end = pos + len;
	let i = pos;
	crc ^= -1;
	for (const end8 = end - 7; i < end8; i += 8) {
		crc ^= buf[i] | buf[i + 1] << 8 | buf[i + 2] << 16 | buf[i + 3] << 24;
		crc = t[1792 + (crc & 255)] ^ t[1536 + (crc >>> 8 & 255)] ^ t[1280 + (crc >>> 16 & 255)] ^ t[1024 + (crc >>> 24)] ^ t[768 + buf[i + 4]] ^ t[512 + buf[i + 5]] ^ t[256 + buf[i + 6]] ^ t[buf[i + 7]];
	}
	for (; i < end; i++) crc = crc >>> 8 ^ t[(crc ^ buf[i]) & 255];
	return crc ^ -1;
};
var messages_default = {
	2: "need dictionary",
	1: "stream end",
	0: "",
	"-1": "file error",
	"-2": "stream error",
	"-3": "data error",
	"-4": "insufficient memory",
	"-5": "buffer error",
	"-6": "incompatible version"
};
var MAX_MEM_LEVEL = 9;
var HEAP_SIZE = 573;
var MIN_MATCH = 3;
var MAX_MATCH = 258;
var MIN_LOOKAHEAD = 262;
var PRESET_DICT = 32;
var INIT_STATE = 42;
var GZIP_STATE = 57;
var EXTRA_STATE = 69;
var NAME_STATE = 73;
var COMMENT_STATE = 91;
var HCRC_STATE = 103;
var BUSY_STATE = 113;
var FINISH_STATE = 666;
var BS_NEED_MORE = 1;
var BS_BLOCK_DONE = 2;
var BS_FINISH_STARTED = 3;
var BS_FINISH_DONE = 4;
var OS_CODE = 3;
var err = (strm, errorCode) => {
	strm.msg = messages_default[errorCode];
	return errorCode;
};
var rank = (f) => {
	return f * 2 - (f > 4 ? 9 : 0);
};
var zero = (buf) => {
	let len = buf.length;
	while (--len >= 0) buf[len] = 0;
};
var slide_hash = (s) => {
	let n, m;
	let p;
	let wsize = s.w_size;
	n = s.hash_size;
	p = n;
	do {
		m = s.head[--p];
		s.head[p] = m >= wsize ? m - wsize : 0;
	} while (--n);
	n = wsize;
	p = n;
	do {
		m = s.prev[--p];
		s.prev[p] = m >= wsize ? m - wsize : 0;
	} while (--n);
};
var HASH = (s, prev, data) => (prev << s.hash_shift ^ data) & s.hash_mask;
var INSERT_STRING = (s, str) => {
	let h;
	if (s.legacy_hash) h = s.ins_h = HASH(s, s.ins_h, s.window[str + MIN_MATCH - 1]);
	else {
		const w = s.window;
		const value = w[str] | w[str + 1] << 8 | w[str + 2] << 16 | w[str + 3] << 24;
		h = s.ins_h = Math.imul(value, 66521) + 66521 >>> 16 & s.hash_mask;
	}
	const hash_head = s.prev[str & s.w_mask] = s.head[h];
	s.head[h] = str;
	return hash_head;
};
var flush_pending = (strm) => {
	const s = strm.state;
	let len = s.pending;
	if (len > strm.avail_out) len = strm.avail_out;
	if (len === 0) return;
	strm.output.set(s.pending_buf.subarray(s.pending_out, s.pending_out + len), strm.next_out);
	strm.next_out += len;
	s.pending_out += len;
	strm.total_out += len;
	strm.avail_out -= len;
	s.pending -= len;
	if (s.pending === 0) s.pending_out = 0;
};
var flush_block_only = (s, last) => {
	_tr_flush_block(s, s.block_start >= 0 ? s.block_start : -1, s.strstart - s.block_start, last);
	s.block_start = s.strstart;
	flush_pending(s.strm);
};
var put_byte = (s, b) => {
	s.pending_buf[s.pending++] = b;
};
var putShortMSB = (s, b) => {
	s.pending_buf[s.pending++] = b >>> 8 & 255;
	s.pending_buf[s.pending++] = b & 255;
};
var read_buf = (strm, buf, start, size) => {
	let len = strm.avail_in;
	if (len > size) len = size;
	if (len === 0) return 0;
	strm.avail_in -= len;
	buf.set(strm.input.subarray(strm.next_in, strm.next_in + len), start);
	if (strm.state.wrap === 1) strm.adler = adler32(strm.adler, buf, len, start);
	else if (strm.state.wrap === 2) strm.adler = crc32(strm.adler, buf, len, start);
	strm.next_in += len;
	strm.total_in += len;
	return len;
};
var longest_match = (s, cur_match) => {
	let chain_length = s.max_chain_length;
	let scan = s.strstart;
	let match;
	let len;
	let best_len = s.prev_length;
	let nice_match = s.nice_match;
	const limit = s.strstart > s.w_size - MIN_LOOKAHEAD ? s.strstart - (s.w_size - MIN_LOOKAHEAD) : 0;
	const _win = s.window;
	const wmask = s.w_mask;
	const prev = s.prev;
	const strend = s.strstart + MAX_MATCH;
	let scan_end1 = _win[scan + best_len - 1];
	let scan_end = _win[scan + best_len];
	if (s.prev_length >= s.good_match) chain_length >>= 2;
	if (nice_match > s.lookahead) nice_match = s.lookahead;
	do {
		match = cur_match;
		if (_win[match + best_len] !== scan_end || _win[match + best_len - 1] !== scan_end1 || _win[match] !== _win[scan] || _win[++match] !== _win[scan + 1]) continue;
		scan += 2;
		match++;
		do;
		while (_win[++scan] === _win[++match] && _win[++scan] === _win[++match] && _win[++scan] === _win[++match] && _win[++scan] === _win[++match] && _win[++scan] === _win[++match] && _win[++scan] === _win[++match] && _win[++scan] === _win[++match] && _win[++scan] === _win[++match] && scan < strend);
		len = MAX_MATCH - (strend - scan);
		scan = strend - MAX_MATCH;
		if (len > best_len) {
			s.match_start = cur_match;
			best_len = len;
			if (len >= nice_match) break;
			scan_end1 = _win[scan + best_len - 1];
			scan_end = _win[scan + best_len];
		}
	} while ((cur_match = prev[cur_match & wmask]) > limit && --chain_length !== 0);
	if (best_len <= s.lookahead) return best_len;
	return s.lookahead;
};
var fill_window = (s) => {
	const _w_size = s.w_size;
	let n, more, str;
	do {
		more = s.window_size - s.lookahead - s.strstart;
		if (s.strstart >= _w_size + (_w_size - MIN_LOOKAHEAD)) {
			s.window.set(s.window.subarray(_w_size, _w_size + _w_size - more), 0);
			s.match_start -= _w_size;
			s.strstart -= _w_size;
			s.block_start -= _w_size;
			if (s.insert > s.strstart) s.insert = s.strstart;
			slide_hash(s);
			more += _w_size;
		}
		if (s.strm.avail_in === 0) break;
		n = read_buf(s.strm, s.window, s.strstart + s.lookahead, more);
		s.lookahead += n;
		if (!s.legacy_hash) {
			if (s.lookahead + s.insert > MIN_MATCH) {
				str = s.strstart - s.insert;
				while (s.insert) {
					INSERT_STRING(s, str);
					str++;
					s.insert--;
					if (s.lookahead + s.insert <= MIN_MATCH) break;
				}
			}
		} else if (s.lookahead + s.insert >= MIN_MATCH) {
			str = s.strstart - s.insert;
			s.ins_h = s.window[str];
			s.ins_h = HASH(s, s.ins_h, s.window[str + 1]);
			while (s.insert) {
				INSERT_STRING(s, str);
				str++;
				s.insert--;
				if (s.lookahead + s.insert < MIN_MATCH) break;
			}
		}
	} while (s.lookahead < MIN_LOOKAHEAD && s.strm.avail_in !== 0);
};
var deflate_stored = (s, flush) => {
	let min_block = s.pending_buf_size - 5 > s.w_size ? s.w_size : s.pending_buf_size - 5;
	let len, left, have, last = 0;
	let used = s.strm.avail_in;
	do {
		len = 65535;
		have = s.bi_valid + 42 >> 3;
		if (s.strm.avail_out < have) break;
		have = s.strm.avail_out - have;
		left = s.strstart - s.block_start;
		if (len > left + s.strm.avail_in) len = left + s.strm.avail_in;
		if (len > have) len = have;
		if (len < min_block && (len === 0 && flush !== 4 || flush === 0 || len !== left + s.strm.avail_in)) break;
		last = flush === 4 && len === left + s.strm.avail_in ? 1 : 0;
		_tr_stored_block(s, 0, 0, last);
		s.pending_buf[s.pending - 4] = len;
		s.pending_buf[s.pending - 3] = len >> 8;
		s.pending_buf[s.pending - 2] = ~len;
		s.pending_buf[s.pending - 1] = ~len >> 8;
		flush_pending(s.strm);
		if (left) {
			if (left > len) left = len;
			s.strm.output.set(s.window.subarray(s.block_start, s.block_start + left), s.strm.next_out);
			s.strm.next_out += left;
			s.strm.avail_out -= left;
			s.strm.total_out += left;
			s.block_start += left;
			len -= left;
		}
		if (len) {
			read_buf(s.strm, s.strm.output, s.strm.next_out, len);
			s.strm.next_out += len;
			s.strm.avail_out -= len;
			s.strm.total_out += len;
		}
	} while (last === 0);
	used -= s.strm.avail_in;
	if (used) {
		if (used >= s.w_size) {
			s.matches = 2;
			s.window.set(s.strm.input.subarray(s.strm.next_in - s.w_size, s.strm.next_in), 0);
			s.strstart = s.w_size;
			s.insert = s.strstart;
		} else {
			if (s.window_size - s.strstart <= used) {
				s.strstart -= s.w_size;
				s.window.set(s.window.subarray(s.w_size, s.w_size + s.strstart), 0);
				if (s.matches < 2) s.matches++;
				if (s.insert > s.strstart) s.insert = s.strstart;
			}
			s.window.set(s.strm.input.subarray(s.strm.next_in - used, s.strm.next_in), s.strstart);
			s.strstart += used;
			s.insert += used > s.w_size - s.insert ? s.w_size - s.insert : used;
		}
		s.block_start = s.strstart;
	}
	if (s.high_water < s.strstart) s.high_water = s.strstart;
	if (last) return BS_FINISH_DONE;
	if (flush !== 0 && flush !== 4 && s.strm.avail_in === 0 && s.strstart === s.block_start) return BS_BLOCK_DONE;
	have = s.window_size - s.strstart;
	if (s.strm.avail_in > have && s.block_start >= s.w_size) {
		s.block_start -= s.w_size;
		s.strstart -= s.w_size;
		s.window.set(s.window.subarray(s.w_size, s.w_size + s.strstart), 0);
		if (s.matches < 2) s.matches++;
		have += s.w_size;
		if (s.insert > s.strstart) s.insert = s.strstart;
	}
	if (have > s.strm.avail_in) have = s.strm.avail_in;
	if (have) {
		read_buf(s.strm, s.window, s.strstart, have);
		s.strstart += have;
		s.insert += have > s.w_size - s.insert ? s.w_size - s.insert : have;
	}
	if (s.high_water < s.strstart) s.high_water = s.strstart;
	have = s.bi_valid + 42 >> 3;
	have = s.pending_buf_size - have > 65535 ? 65535 : s.pending_buf_size - have;
	min_block = have > s.w_size ? s.w_size : have;
	left = s.strstart - s.block_start;
	if (left >= min_block || (left || flush === 4) && flush !== 0 && s.strm.avail_in === 0 && left <= have) {
		len = left > have ? have : left;
		last = flush === 4 && s.strm.avail_in === 0 && len === left ? 1 : 0;
		_tr_stored_block(s, s.block_start, len, last);
		s.block_start += len;
		flush_pending(s.strm);
	}
	return last ? BS_FINISH_STARTED : BS_NEED_MORE;
};
var deflate_fast = (s, flush) => {
	let hash_head;
	let bflush;
	for (;;) {
		if (s.lookahead < MIN_LOOKAHEAD) {
			fill_window(s);
			if (s.lookahead < MIN_LOOKAHEAD && flush === 0) return BS_NEED_MORE;
			if (s.lookahead === 0) break;
		}
		hash_head = 0;
		if (s.lookahead >= MIN_MATCH) hash_head = INSERT_STRING(s, s.strstart);
		if (hash_head !== 0 && s.strstart - hash_head <= s.w_size - MIN_LOOKAHEAD) s.match_length = longest_match(s, hash_head);
		if (s.match_length >= MIN_MATCH) {
			/*** _tr_tally_dist(s, s.strstart - s.match_start,
			s.match_length - MIN_MATCH, bflush); ***/
			bflush = _tr_tally(s, s.strstart - s.match_start, s.match_length - MIN_MATCH);
			s.lookahead -= s.match_length;
			if (s.match_length <= s.max_lazy_match && s.lookahead >= MIN_MATCH) {
				s.match_length--;
				do {
					s.strstart++;
					hash_head = INSERT_STRING(s, s.strstart);
				} while (--s.match_length !== 0);
				s.strstart++;
			} else {
				s.strstart += s.match_length;
				s.match_length = 0;
				if (s.legacy_hash) {
					s.ins_h = s.window[s.strstart];
					s.ins_h = HASH(s, s.ins_h, s.window[s.strstart + 1]);
				}
			}
		} else {
			/*** _tr_tally_lit(s, s.window[s.strstart], bflush); ***/
			bflush = _tr_tally(s, 0, s.window[s.strstart]);
			s.lookahead--;
			s.strstart++;
		}
		if (bflush) {
			/*** FLUSH_BLOCK(s, 0); ***/
			flush_block_only(s, false);
			if (s.strm.avail_out === 0) return BS_NEED_MORE;
		}
	}
	s.insert = s.strstart < MIN_MATCH - 1 ? s.strstart : MIN_MATCH - 1;
	if (flush === 4) {
		/*** FLUSH_BLOCK(s, 1); ***/
		flush_block_only(s, true);
		if (s.strm.avail_out === 0) return BS_FINISH_STARTED;
		return BS_FINISH_DONE;
	}
	if (s.sym_next) {
		/*** FLUSH_BLOCK(s, 0); ***/
		flush_block_only(s, false);
		if (s.strm.avail_out === 0) return BS_NEED_MORE;
	}
	return BS_BLOCK_DONE;
};
var deflate_slow = (s, flush) => {
	let hash_head;
	let bflush;
	let max_insert;
	for (;;) {
		if (s.lookahead < MIN_LOOKAHEAD) {
			fill_window(s);
			if (s.lookahead < MIN_LOOKAHEAD && flush === 0) return BS_NEED_MORE;
			if (s.lookahead === 0) break;
		}
		hash_head = 0;
		if (s.lookahead >= MIN_MATCH) hash_head = INSERT_STRING(s, s.strstart);
		s.prev_length = s.match_length;
		s.prev_match = s.match_start;
		s.match_length = MIN_MATCH - 1;
		if (hash_head !== 0 && s.prev_length < s.max_lazy_match && s.strstart - hash_head <= s.w_size - MIN_LOOKAHEAD) {
			s.match_length = longest_match(s, hash_head);
			if (s.match_length <= 5 && (s.strategy === 1 || s.match_length === MIN_MATCH && s.strstart - s.match_start > 4096)) s.match_length = MIN_MATCH - 1;
		}
		if (s.prev_length >= MIN_MATCH && s.match_length <= s.prev_length) {
			max_insert = s.strstart + s.lookahead - MIN_MATCH;
			/***_tr_tally_dist(s, s.strstart - 1 - s.prev_match,
			s.prev_length - MIN_MATCH, bflush);***/
			bflush = _tr_tally(s, s.strstart - 1 - s.prev_match, s.prev_length - MIN_MATCH);
			s.lookahead -= s.prev_length - 1;
			s.prev_length -= 2;
			do
				if (++s.strstart <= max_insert) hash_head = INSERT_STRING(s, s.strstart);
			while (--s.prev_length !== 0);
			s.match_available = 0;
			s.match_length = MIN_MATCH - 1;
			s.strstart++;
			if (bflush) {
				/*** FLUSH_BLOCK(s, 0); ***/
				flush_block_only(s, false);
				if (s.strm.avail_out === 0) return BS_NEED_MORE;
			}
		} else if (s.match_available) {
			/*** _tr_tally_lit(s, s.window[s.strstart-1], bflush); ***/
			bflush = _tr_tally(s, 0, s.window[s.strstart - 1]);
			if (bflush)
 /*** FLUSH_BLOCK_ONLY(s, 0) ***/
			flush_block_only(s, false);
			s.strstart++;
			s.lookahead--;
			if (s.strm.avail_out === 0) return BS_NEED_MORE;
		} else {
			s.match_available = 1;
			s.strstart++;
			s.lookahead--;
		}
	}
	if (s.match_available) {
		/*** _tr_tally_lit(s, s.window[s.strstart-1], bflush); ***/
		bflush = _tr_tally(s, 0, s.window[s.strstart - 1]);
		s.match_available = 0;
	}
	s.insert = s.strstart < MIN_MATCH - 1 ? s.strstart : MIN_MATCH - 1;
	if (flush === 4) {
		/*** FLUSH_BLOCK(s, 1); ***/
		flush_block_only(s, true);
		if (s.strm.avail_out === 0) return BS_FINISH_STARTED;
		return BS_FINISH_DONE;
	}
	if (s.sym_next) {
		/*** FLUSH_BLOCK(s, 0); ***/
		flush_block_only(s, false);
		if (s.strm.avail_out === 0) return BS_NEED_MORE;
	}
	return BS_BLOCK_DONE;
};
var deflate_rle = (s, flush) => {
	let bflush;
	let prev;
	let scan, strend;
	const _win = s.window;
	for (;;) {
		if (s.lookahead <= MAX_MATCH) {
			fill_window(s);
			if (s.lookahead <= MAX_MATCH && flush === 0) return BS_NEED_MORE;
			if (s.lookahead === 0) break;
		}
		s.match_length = 0;
		if (s.lookahead >= MIN_MATCH && s.strstart > 0) {
			scan = s.strstart - 1;
			prev = _win[scan];
			if (prev === _win[++scan] && prev === _win[++scan] && prev === _win[++scan]) {
				strend = s.strstart + MAX_MATCH;
				do;
				while (prev === _win[++scan] && prev === _win[++scan] && prev === _win[++scan] && prev === _win[++scan] && prev === _win[++scan] && prev === _win[++scan] && prev === _win[++scan] && prev === _win[++scan] && scan < strend);
				s.match_length = MAX_MATCH - (strend - scan);
				if (s.match_length > s.lookahead) s.match_length = s.lookahead;
			}
		}
		if (s.match_length >= MIN_MATCH) {
			/*** _tr_tally_dist(s, 1, s.match_length - MIN_MATCH, bflush); ***/
			bflush = _tr_tally(s, 1, s.match_length - MIN_MATCH);
			s.lookahead -= s.match_length;
			s.strstart += s.match_length;
			s.match_length = 0;
		} else {
			/*** _tr_tally_lit(s, s.window[s.strstart], bflush); ***/
			bflush = _tr_tally(s, 0, s.window[s.strstart]);
			s.lookahead--;
			s.strstart++;
		}
		if (bflush) {
			/*** FLUSH_BLOCK(s, 0); ***/
			flush_block_only(s, false);
			if (s.strm.avail_out === 0) return BS_NEED_MORE;
		}
	}
	s.insert = 0;
	if (flush === 4) {
		/*** FLUSH_BLOCK(s, 1); ***/
		flush_block_only(s, true);
		if (s.strm.avail_out === 0) return BS_FINISH_STARTED;
		return BS_FINISH_DONE;
	}
	if (s.sym_next) {
		/*** FLUSH_BLOCK(s, 0); ***/
		flush_block_only(s, false);
		if (s.strm.avail_out === 0) return BS_NEED_MORE;
	}
	return BS_BLOCK_DONE;
};
var deflate_huff = (s, flush) => {
	let bflush;
	for (;;) {
		if (s.lookahead === 0) {
			fill_window(s);
			if (s.lookahead === 0) {
				if (flush === 0) return BS_NEED_MORE;
				break;
			}
		}
		s.match_length = 0;
		/*** _tr_tally_lit(s, s.window[s.strstart], bflush); ***/
		bflush = _tr_tally(s, 0, s.window[s.strstart]);
		s.lookahead--;
		s.strstart++;
		if (bflush) {
			/*** FLUSH_BLOCK(s, 0); ***/
			flush_block_only(s, false);
			if (s.strm.avail_out === 0) return BS_NEED_MORE;
		}
	}
	s.insert = 0;
	if (flush === 4) {
		/*** FLUSH_BLOCK(s, 1); ***/
		flush_block_only(s, true);
		if (s.strm.avail_out === 0) return BS_FINISH_STARTED;
		return BS_FINISH_DONE;
	}
	if (s.sym_next) {
		/*** FLUSH_BLOCK(s, 0); ***/
		flush_block_only(s, false);
		if (s.strm.avail_out === 0) return BS_NEED_MORE;
	}
	return BS_BLOCK_DONE;
};
var Config = class {
	constructor(good_length, max_lazy, nice_length, max_chain, func) {
		this.good_length = good_length;
		this.max_lazy = max_lazy;
		this.nice_length = nice_length;
		this.max_chain = max_chain;
		this.func = func;
	}
};
var configuration_table = [
	new Config(0, 0, 0, 0, deflate_stored),
	new Config(4, 4, 8, 4, deflate_fast),
	new Config(4, 5, 16, 8, deflate_fast),
	new Config(4, 6, 32, 32, deflate_fast),
	new Config(4, 4, 16, 16, deflate_slow),
	new Config(8, 16, 32, 32, deflate_slow),
	new Config(8, 16, 128, 128, deflate_slow),
	new Config(8, 32, 128, 256, deflate_slow),
	new Config(32, 128, 258, 1024, deflate_slow),
	new Config(32, 258, 258, 4096, deflate_slow)
];
var lm_init = (s) => {
	s.window_size = 2 * s.w_size;
	/*** CLEAR_HASH(s); ***/
	zero(s.head);
	s.max_lazy_match = configuration_table[s.level].max_lazy;
	s.good_match = configuration_table[s.level].good_length;
	s.nice_match = configuration_table[s.level].nice_length;
	s.max_chain_length = configuration_table[s.level].max_chain;
	s.strstart = 0;
	s.block_start = 0;
	s.lookahead = 0;
	s.insert = 0;
	s.match_length = s.prev_length = MIN_MATCH - 1;
	s.match_available = 0;
	s.ins_h = 0;
};
var DeflateState = class {
	constructor() {
		this.strm = null;
		this.status = 0;
		this.pending_buf = null;
		this.pending_buf_size = 0;
		this.pending_out = 0;
		this.pending = 0;
		this.wrap = 0;
		this.gzhead = null;
		this.gzindex = 0;
		this.method = 8;
		this.last_flush = -1;
		this.w_size = 0;
		this.w_bits = 0;
		this.w_mask = 0;
		this.window = null;
		this.window_size = 0;
		this.prev = null;
		this.head = null;
		this.ins_h = 0;
		this.legacy_hash = 0;
		this.hash_size = 0;
		this.hash_bits = 0;
		this.hash_mask = 0;
		this.hash_shift = 0;
		this.block_start = 0;
		this.match_length = 0;
		this.prev_match = 0;
		this.match_available = 0;
		this.strstart = 0;
		this.match_start = 0;
		this.lookahead = 0;
		this.prev_length = 0;
		this.max_chain_length = 0;
		this.max_lazy_match = 0;
		this.level = 0;
		this.strategy = 0;
		this.good_match = 0;
		this.nice_match = 0;
		this.dyn_ltree = new Uint16Array(HEAP_SIZE * 2);
		this.dyn_dtree = /* @__PURE__ */ new Uint16Array(122);
		this.bl_tree = /* @__PURE__ */ new Uint16Array(78);
		zero(this.dyn_ltree);
		zero(this.dyn_dtree);
		zero(this.bl_tree);
		this.l_desc = null;
		this.d_desc = null;
		this.bl_desc = null;
		this.bl_count = /* @__PURE__ */ new Uint16Array(16);
		this.heap = /* @__PURE__ */ new Uint16Array(573);
		zero(this.heap);
		this.heap_len = 0;
		this.heap_max = 0;
		this.depth = /* @__PURE__ */ new Uint16Array(573);
		zero(this.depth);
		this.sym_buf = 0;
		this.lit_bufsize = 0;
		this.sym_next = 0;
		this.sym_end = 0;
		this.opt_len = 0;
		this.static_len = 0;
		this.matches = 0;
		this.insert = 0;
		this.bi_buf = 0;
		this.bi_valid = 0;
	}
};
var deflateStateCheck = (strm) => {
	if (!strm) return 1;
	const s = strm.state;
	if (!s || s.strm !== strm || s.status !== INIT_STATE && s.status !== GZIP_STATE && s.status !== EXTRA_STATE && s.status !== NAME_STATE && s.status !== COMMENT_STATE && s.status !== HCRC_STATE && s.status !== BUSY_STATE && s.status !== FINISH_STATE) return 1;
	return 0;
};
var deflateResetKeep = (strm) => {
	if (deflateStateCheck(strm)) return err(strm, -2);
	strm.total_in = strm.total_out = 0;
	strm.data_type = 2;
	const s = strm.state;
	s.pending = 0;
	s.pending_out = 0;
	if (s.wrap < 0) s.wrap = -s.wrap;
	s.status = s.wrap === 2 ? GZIP_STATE : s.wrap ? INIT_STATE : BUSY_STATE;
	strm.adler = s.wrap === 2 ? 0 : 1;
	s.last_flush = -2;
	_tr_init(s);
	return 0;
};
var deflateReset = (strm) => {
	const ret = deflateResetKeep(strm);
	if (ret === 0) lm_init(strm.state);
	return ret;
};
var deflateInit2 = (strm, level, method, windowBits, memLevel, strategy, legacyHash) => {
	if (!strm) return -2;
	let wrap = 1;
	if (level === -1) level = 6;
	if (windowBits < 0) {
		wrap = 0;
		windowBits = -windowBits;
	} else if (windowBits > 15) {
		wrap = 2;
		windowBits -= 16;
	}
	if (memLevel < 1 || memLevel > MAX_MEM_LEVEL || method !== 8 || windowBits < 8 || windowBits > 15 || level < 0 || level > 9 || strategy < 0 || strategy > 4 || windowBits === 8 && wrap !== 1) return err(strm, -2);
	if (windowBits === 8) windowBits = 9;
	const s = new DeflateState();
	strm.state = s;
	s.strm = strm;
	s.status = INIT_STATE;
	s.wrap = wrap;
	s.gzhead = null;
	s.w_bits = windowBits;
	s.w_size = 1 << s.w_bits;
	s.w_mask = s.w_size - 1;
	s.legacy_hash = legacyHash ? 1 : 0;
	s.hash_bits = memLevel + 7;
	if (!s.legacy_hash && s.hash_bits < 15) s.hash_bits = 15;
	s.hash_size = 1 << s.hash_bits;
	s.hash_mask = s.hash_size - 1;
	s.hash_shift = ~~((s.hash_bits + MIN_MATCH - 1) / MIN_MATCH);
	s.window = new Uint8Array(s.w_size * 2);
	s.head = new Uint16Array(s.hash_size);
	s.prev = new Uint16Array(s.w_size);
	s.lit_bufsize = 1 << memLevel + 6;
	s.pending_buf_size = s.lit_bufsize * 4;
	s.pending_buf = new Uint8Array(s.pending_buf_size);
	s.sym_buf = s.lit_bufsize;
	s.sym_end = (s.lit_bufsize - 1) * 3;
	s.level = level;
	s.strategy = strategy;
	s.method = method;
	return deflateReset(strm);
};
var deflate$1 = (strm, flush) => {
	if (deflateStateCheck(strm) || flush > 5 || flush < 0) return strm ? err(strm, -2) : -2;
	const s = strm.state;
	if (!strm.output || strm.avail_in !== 0 && !strm.input || s.status === FINISH_STATE && flush !== 4) return err(strm, strm.avail_out === 0 ? -5 : -2);
	const old_flush = s.last_flush;
	s.last_flush = flush;
	if (s.pending !== 0) {
		flush_pending(strm);
		if (strm.avail_out === 0) {
			s.last_flush = -1;
			return 0;
		}
	} else if (strm.avail_in === 0 && rank(flush) <= rank(old_flush) && flush !== 4) return err(strm, -5);
	if (s.status === FINISH_STATE && strm.avail_in !== 0) return err(strm, -5);
	if (s.status === INIT_STATE && s.wrap === 0) s.status = BUSY_STATE;
	if (s.status === INIT_STATE) {
		let header = 8 + (s.w_bits - 8 << 4) << 8;
		let level_flags = -1;
		if (s.strategy >= 2 || s.level < 2) level_flags = 0;
		else if (s.level < 6) level_flags = 1;
		else if (s.level === 6) level_flags = 2;
		else level_flags = 3;
		header |= level_flags << 6;
		if (s.strstart !== 0) header |= PRESET_DICT;
		header += 31 - header % 31;
		putShortMSB(s, header);
		if (s.strstart !== 0) {
			putShortMSB(s, strm.adler >>> 16);
			putShortMSB(s, strm.adler & 65535);
		}
		strm.adler = 1;
		s.status = BUSY_STATE;
		flush_pending(strm);
		if (s.pending !== 0) {
			s.last_flush = -1;
			return 0;
		}
	}
	if (s.status === GZIP_STATE) {
		strm.adler = 0;
		put_byte(s, 31);
		put_byte(s, 139);
		put_byte(s, 8);
		if (!s.gzhead) {
			put_byte(s, 0);
			put_byte(s, 0);
			put_byte(s, 0);
			put_byte(s, 0);
			put_byte(s, 0);
			put_byte(s, s.level === 9 ? 2 : s.strategy >= 2 || s.level < 2 ? 4 : 0);
			put_byte(s, OS_CODE);
			s.status = BUSY_STATE;
			flush_pending(strm);
			if (s.pending !== 0) {
				s.last_flush = -1;
				return 0;
			}
		} else {
			put_byte(s, (s.gzhead.text ? 1 : 0) + (s.gzhead.hcrc ? 2 : 0) + (!s.gzhead.extra ? 0 : 4) + (!s.gzhead.name ? 0 : 8) + (!s.gzhead.comment ? 0 : 16));
			put_byte(s, s.gzhead.time & 255);
			put_byte(s, s.gzhead.time >> 8 & 255);
			put_byte(s, s.gzhead.time >> 16 & 255);
			put_byte(s, s.gzhead.time >> 24 & 255);
			put_byte(s, s.level === 9 ? 2 : s.strategy >= 2 || s.level < 2 ? 4 : 0);
			put_byte(s, s.gzhead.os & 255);
			if (s.gzhead.extra && s.gzhead.extra.length) {
				put_byte(s, s.gzhead.extra.length & 255);
				put_byte(s, s.gzhead.extra.length >> 8 & 255);
			}
			if (s.gzhead.hcrc) strm.adler = crc32(strm.adler, s.pending_buf, s.pending, 0);
			s.gzindex = 0;
			s.status = EXTRA_STATE;
		}
	}
	if (s.status === EXTRA_STATE) {
		if (s.gzhead.extra) {
			let beg = s.pending;
			let left = (s.gzhead.extra.length & 65535) - s.gzindex;
			while (s.pending + left > s.pending_buf_size) {
				let copy = s.pending_buf_size - s.pending;
				s.pending_buf.set(s.gzhead.extra.subarray(s.gzindex, s.gzindex + copy), s.pending);
				s.pending = s.pending_buf_size;
				if (s.gzhead.hcrc && s.pending > beg) strm.adler = crc32(strm.adler, s.pending_buf, s.pending - beg, beg);
				s.gzindex += copy;
				flush_pending(strm);
				if (s.pending !== 0) {
					s.last_flush = -1;
					return 0;
				}
				beg = 0;
				left -= copy;
			}
			let gzhead_extra = new Uint8Array(s.gzhead.extra);
			s.pending_buf.set(gzhead_extra.subarray(s.gzindex, s.gzindex + left), s.pending);
			s.pending += left;
			if (s.gzhead.hcrc && s.pending > beg) strm.adler = crc32(strm.adler, s.pending_buf, s.pending - beg, beg);
			s.gzindex = 0;
		}
		s.status = NAME_STATE;
	}
	if (s.status === NAME_STATE) {
		if (s.gzhead.name) {
			let beg = s.pending;
			let val;
			do {
				if (s.pending === s.pending_buf_size) {
					if (s.gzhead.hcrc && s.pending > beg) strm.adler = crc32(strm.adler, s.pending_buf, s.pending - beg, beg);
					flush_pending(strm);
					if (s.pending !== 0) {
						s.last_flush = -1;
						return 0;
					}
					beg = 0;
				}
				if (s.gzindex < s.gzhead.name.length) val = s.gzhead.name.charCodeAt(s.gzindex++) & 255;
				else val = 0;
				put_byte(s, val);
			} while (val !== 0);
			if (s.gzhead.hcrc && s.pending > beg) strm.adler = crc32(strm.adler, s.pending_buf, s.pending - beg, beg);
			s.gzindex = 0;
		}
		s.status = COMMENT_STATE;
	}
	if (s.status === COMMENT_STATE) {
		if (s.gzhead.comment) {
			let beg = s.pending;
			let val;
			do {
				if (s.pending === s.pending_buf_size) {
					if (s.gzhead.hcrc && s.pending > beg) strm.adler = crc32(strm.adler, s.pending_buf, s.pending - beg, beg);
					flush_pending(strm);
					if (s.pending !== 0) {
						s.last_flush = -1;
						return 0;
					}
					beg = 0;
				}
				if (s.gzindex < s.gzhead.comment.length) val = s.gzhead.comment.charCodeAt(s.gzindex++) & 255;
				else val = 0;
				put_byte(s, val);
			} while (val !== 0);
			if (s.gzhead.hcrc && s.pending > beg) strm.adler = crc32(strm.adler, s.pending_buf, s.pending - beg, beg);
		}
		s.status = HCRC_STATE;
	}
	if (s.status === HCRC_STATE) {
		if (s.gzhead.hcrc) {
			if (s.pending + 2 > s.pending_buf_size) {
				flush_pending(strm);
				if (s.pending !== 0) {
					s.last_flush = -1;
					return 0;
				}
			}
			put_byte(s, strm.adler & 255);
			put_byte(s, strm.adler >> 8 & 255);
			strm.adler = 0;
		}
		s.status = BUSY_STATE;
		flush_pending(strm);
		if (s.pending !== 0) {
			s.last_flush = -1;
			return 0;
		}
	}
	if (strm.avail_in !== 0 || s.lookahead !== 0 || flush !== 0 && s.status !== FINISH_STATE) {
		let bstate = s.level === 0 ? deflate_stored(s, flush) : s.strategy === 2 ? deflate_huff(s, flush) : s.strategy === 3 ? deflate_rle(s, flush) : configuration_table[s.level].func(s, flush);
		if (bstate === BS_FINISH_STARTED || bstate === BS_FINISH_DONE) s.status = FINISH_STATE;
		if (bstate === BS_NEED_MORE || bstate === BS_FINISH_STARTED) {
			if (strm.avail_out === 0) s.last_flush = -1;
			return 0;
		}
		if (bstate === BS_BLOCK_DONE) {
			if (flush === 1) _tr_align(s);
			else if (flush !== 5) {
				_tr_stored_block(s, 0, 0, false);
				if (flush === 3) {
					/*** CLEAR_HASH(s); ***/ zero(s.head);
					if (s.lookahead === 0) {
						s.strstart = 0;
						s.block_start = 0;
						s.insert = 0;
					}
				}
			}
			flush_pending(strm);
			if (strm.avail_out === 0) {
				s.last_flush = -1;
				return 0;
			}
		}
	}
	if (flush !== 4) return 0;
	if (s.wrap <= 0) return 1;
	if (s.wrap === 2) {
		put_byte(s, strm.adler & 255);
		put_byte(s, strm.adler >> 8 & 255);
		put_byte(s, strm.adler >> 16 & 255);
		put_byte(s, strm.adler >> 24 & 255);
		put_byte(s, strm.total_in & 255);
		put_byte(s, strm.total_in >> 8 & 255);
		put_byte(s, strm.total_in >> 16 & 255);
		put_byte(s, strm.total_in >> 24 & 255);
	} else {
		putShortMSB(s, strm.adler >>> 16);
		putShortMSB(s, strm.adler & 65535);
	}
	flush_pending(strm);
	if (s.wrap > 0) s.wrap = -s.wrap;
	return s.pending !== 0 ? 0 : 1;
};
var deflateEnd = (strm) => {
	if (deflateStateCheck(strm)) return -2;
	const status = strm.state.status;
	strm.state = null;
	return status === BUSY_STATE ? err(strm, -3) : 0;
};
var deflateSetDictionary = (strm, dictionary) => {
	let dictLength = dictionary.length;
	if (deflateStateCheck(strm)) return -2;
	const s = strm.state;
	const wrap = s.wrap;
	if (wrap === 2 || wrap === 1 && s.status !== INIT_STATE || s.lookahead) return -2;
	if (wrap === 1) strm.adler = adler32(strm.adler, dictionary, dictLength, 0);
	s.wrap = 0;
	if (dictLength >= s.w_size) {
		if (wrap === 0) {
			/*** CLEAR_HASH(s); ***/
			zero(s.head);
			s.strstart = 0;
			s.block_start = 0;
			s.insert = 0;
		}
		let tmpDict = new Uint8Array(s.w_size);
		tmpDict.set(dictionary.subarray(dictLength - s.w_size, dictLength), 0);
		dictionary = tmpDict;
		dictLength = s.w_size;
	}
	const avail = strm.avail_in;
	const next = strm.next_in;
	const input = strm.input;
	strm.avail_in = dictLength;
	strm.next_in = 0;
	strm.input = dictionary;
	fill_window(s);
	while (s.lookahead >= MIN_MATCH) {
		let str = s.strstart;
		let n = s.lookahead - (MIN_MATCH - 1);
		do {
			INSERT_STRING(s, str);
			str++;
		} while (--n);
		s.strstart = str;
		s.lookahead = MIN_MATCH - 1;
		fill_window(s);
	}
	s.strstart += s.lookahead;
	s.block_start = s.strstart;
	s.insert = s.lookahead;
	s.lookahead = 0;
	s.match_length = s.prev_length = MIN_MATCH - 1;
	s.match_available = 0;
	strm.next_in = next;
	strm.input = input;
	strm.avail_in = avail;
	s.wrap = wrap;
	return 0;
};
new Uint16Array([
	3,
	4,
	5,
	6,
	7,
	8,
	9,
	10,
	11,
	13,
	15,
	17,
	19,
	23,
	27,
	31,
	35,
	43,
	51,
	59,
	67,
	83,
	99,
	115,
	131,
	163,
	195,
	227,
	258,
	0,
	0
]);
new Uint8Array([
	16,
	16,
	16,
	16,
	16,
	16,
	16,
	16,
	17,
	17,
	17,
	17,
	18,
	18,
	18,
	18,
	19,
	19,
	19,
	19,
	20,
	20,
	20,
	20,
	21,
	21,
	21,
	21,
	16,
	199,
	75
]);
new Uint16Array([
	1,
	2,
	3,
	4,
	5,
	7,
	9,
	13,
	17,
	25,
	33,
	49,
	65,
	97,
	129,
	193,
	257,
	385,
	513,
	769,
	1025,
	1537,
	2049,
	3073,
	4097,
	6145,
	8193,
	12289,
	16385,
	24577,
	0,
	0
]);
new Uint8Array([
	16,
	16,
	16,
	16,
	17,
	17,
	18,
	18,
	19,
	19,
	20,
	20,
	21,
	21,
	22,
	22,
	23,
	23,
	24,
	24,
	25,
	25,
	26,
	26,
	27,
	27,
	28,
	28,
	29,
	29,
	64,
	64
]);
var ZStream = class {
	constructor() {
		this.input = null;
		this.next_in = 0;
		this.avail_in = 0;
		this.total_in = 0;
		this.output = null;
		this.next_out = 0;
		this.avail_out = 0;
		this.total_out = 0;
		this.msg = "";
		this.state = null;
		this.data_type = 2;
		this.adler = 0;
	}
};
var flattenChunks = (chunks) => {
	const result = new Uint8Array(chunks.reduce((len, chunk) => len + chunk.length, 0));
	let pos = 0;
	for (const chunk of chunks) {
		result.set(chunk, pos);
		pos += chunk.length;
	}
	return result;
};
var toString$1 = Object.prototype.toString;
var defaultOptions$1 = {
	level: -1,
	chunkSize: 16384,
	windowBits: 15,
	memLevel: 8,
	strategy: 0,
	raw: false,
	gzip: false,
	legacyHash: false,
	dictionary: /* @__PURE__ */ new Uint8Array(0)
};
/**
* Generic JS-style wrapper for zlib calls. If you don't need
* streaming behaviour, use the simpler functions {@link deflate},
* {@link deflateRaw} and {@link gzip}.
*/
var Deflate = class {
	options;
	/**
	* Error code after deflate finishes. {@link Z_OK} on success.
	* You will not need it in real life, because deflate errors
	* are possible only on wrong options or bad custom `onData` / `onEnd`
	* handlers.
	*/
	err;
	/** Error message, if {@link Deflate.err} is not {@link Z_OK}. */
	msg;
	ended;
	started;
	/**
	* Chunks of output data, if {@link Deflate.onData} not overridden.
	* @internal
	*/
	chunks;
	strm;
	/**
	* Compressed result, generated by default {@link Deflate.onData}
	* and {@link Deflate.onEnd} handlers. Filled after you push last chunk
	* (call {@link Deflate.push} with {@link Z_FINISH} / `true` param).
	*/
	result;
	/**
	* Creates a new deflator instance with the specified params. Throws an
	* exception on bad params. See {@link DeflateOptions} for the list of
	* supported options.
	*
	* @example
	* ```javascript
	* import { Deflate } from 'pako'
	*
	* const chunk1 = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9])
	* const chunk2 = new Uint8Array([10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
	*
	* const deflate = new Deflate({ level: 3 })
	*
	* deflate.push(chunk1, false)
	* deflate.push(chunk2, true)  // true -> last chunk
	*
	* if (deflate.err) throw new Error(deflate.err)
	*
	* console.log(deflate.result)
	* ```
	*/
	constructor(options = {}) {
		this.options = Object.assign({}, defaultOptions$1, options);
		const opt = this.options;
		if (opt.raw && opt.windowBits > 0) opt.windowBits = -opt.windowBits;
		else if (opt.gzip && opt.windowBits > 0 && opt.windowBits < 16) opt.windowBits += 16;
		this.err = 0;
		this.msg = "";
		this.ended = false;
		this.started = false;
		this.chunks = [];
		this.result = /* @__PURE__ */ new Uint8Array(0);
		this.strm = new ZStream();
		this.strm.avail_out = 0;
		let status = deflateInit2(this.strm, opt.level, 8, opt.windowBits, opt.memLevel, opt.strategy, opt.legacyHash);
		if (status !== 0) throw new Error(messages_default[status]);
		if (toString$1.call(opt.dictionary) === "[object ArrayBuffer]") opt.dictionary = new Uint8Array(opt.dictionary);
		const dictionary = opt.dictionary;
		if (dictionary.length) {
			if (opt.gzip) throw new Error("dictionary is not supported with gzip");
			status = deflateSetDictionary(this.strm, dictionary);
			if (status !== 0) throw new Error(messages_default[status]);
		}
	}
	/**
	* Sends input data to the deflate pipe, generating {@link Deflate.onData} calls
	* with new compressed chunks. Returns `true` on success. The last data block must
	* have `flush_mode` {@link Z_FINISH} (or `true`). That will flush the internal
	* pending buffers and call {@link Deflate.onEnd}.
	*
	* On failure, calls {@link Deflate.onEnd} with the error code and returns false.
	*
	* @param data input data. Strings will be converted to utf8 byte sequence.
	* @param flush_mode 0..6 for corresponding {@link Z_NO_FLUSH}..{@link Z_TREES} modes.
	*   See constants. Skipped or `false` means {@link Z_NO_FLUSH}, `true` means {@link Z_FINISH}.
	*
	* @example
	* ```javascript
	* push(chunk, false) // push one of data chunks
	* ...
	* push(chunk, true)  // push last chunk
	* ```
	*/
	push(data, flush_mode = false) {
		const strm = this.strm;
		const chunkSize = this.options.chunkSize;
		let status;
		let _flush_mode;
		if (this.ended) return false;
		if (typeof flush_mode === "number") _flush_mode = flush_mode;
		else _flush_mode = flush_mode === true ? 4 : 0;
		if (typeof data === "string") strm.input = new TextEncoder().encode(data);
		else if (toString$1.call(data) === "[object ArrayBuffer]") strm.input = new Uint8Array(data);
		else strm.input = data;
		strm.next_in = 0;
		strm.avail_in = strm.input.length;
		if (!this.started) {
			this.started = true;
			this.onStart(strm);
		}
		for (;;) {
			if (strm.avail_out === 0) {
				strm.output = new Uint8Array(chunkSize);
				strm.next_out = 0;
				strm.avail_out = chunkSize;
			}
			if ((_flush_mode === 2 || _flush_mode === 3) && strm.avail_out <= 6) {
				this.onData(strm.output.subarray(0, strm.next_out));
				strm.avail_out = 0;
				continue;
			}
			status = deflate$1(strm, _flush_mode);
			if (status === -2) break;
			if (status === 1) {
				if (strm.next_out > 0) this.onData(strm.output.subarray(0, strm.next_out));
				status = deflateEnd(this.strm);
				break;
			}
			if (strm.avail_out === 0) {
				this.onData(strm.output);
				continue;
			}
			if (_flush_mode > 0 && strm.next_out > 0) {
				this.onData(strm.output.subarray(0, strm.next_out));
				strm.avail_out = 0;
				continue;
			}
			if (strm.avail_in === 0) return true;
		}
		this.err = status;
		this.msg = strm.msg || messages_default[status];
		this.ended = true;
		this.onEnd(status);
		return status === 0;
	}
	/**
	* Called once before the first low-level deflate call.
	*/
	onStart(strm) {}
	/**
	* By default, stores data blocks in the {@link Deflate.chunks} property and glues
	* them in {@link Deflate.onEnd}. Override this handler if you need another behaviour.
	*/
	onData(chunk) {
		this.chunks.push(chunk);
	}
	/**
	* Called once after you tell deflate that the input stream is
	* complete ({@link Z_FINISH}). By default, joins the collected {@link Deflate.chunks}
	* into the {@link Deflate.result} property.
	*
	* @param status deflate status. {@link Z_OK} on success, other if not.
	*/
	onEnd(status) {
		if (status === 0) this.result = flattenChunks(this.chunks);
		this.chunks = [];
	}
};
// src/flash/cost-model.ts
/** The largest unit that the flash erases. */
const ERASE_BLOCK_BYTES = 65536;
const PROGRAM_MS_PER_KIBIBYTE = 1.6;
/** MD5 over a KiB: the stub at the PLL's clock, the ROM at the crystal's. Assumed, as `virtual/timing.ts` does. */
const MD5_MS_PER_KIBIBYTE = {
	stub: 250 / 1024,
	rom: 1500 / 1024
};
/** Request and answer of an MD5 in their frames. */
const ROUND_TRIP_BYTES = 60;
/** What bridge, driver and event loop add to a request and its answer; assumed. */
const LATENCY_MS = 2;
/** Of MicroPython 1.12 and of ESP-IDF's examples some 63 % are left by deflate. */
const DEFLATED_SHARE = .63;
const BITS_PER_BYTE = 10;
/** Full-speed USB carries some 600 kB/s of it; assumed. */
const USB_MS_PER_BYTE = 1 / 600;
const KIBIBYTE = 1024;
/** The costs on a board. */
function costsOf({ loader, baud, quickestAnswerMs = 0 }) {
	const byteMs = baud === void 0 ? USB_MS_PER_BYTE : BITS_PER_BYTE * 1e3 / baud;
	return {
		roundTripMs: Math.max(quickestAnswerMs, LATENCY_MS + ROUND_TRIP_BYTES * byteMs),
		md5MsPerKibibyte: MD5_MS_PER_KIBIBYTE[loader],
		wireMsPerKibibyte: DEFLATED_SHARE * KIBIBYTE * byteMs
	};
}
function md5Ms(costs, lengthBytes) {
	return costs.md5MsPerKibibyte * lengthBytes / KIBIBYTE;
}
/** `questions` MD5s that cover `lengthBytes` together. */
function questionsMs(costs, lengthBytes, questions) {
	return md5Ms(costs, lengthBytes) + questions * costs.roundTripMs;
}
/** The stub inflates into a window of this size and writes it when it is full (esp-flasher-stub `command_handler.c` at fc713a4). */
const WINDOW_BYTES = 32768;
/** What a block of the stub holds. */
const BLOCK_KIBIBYTES = 16;
/**
* Whether a window that has to be erased and written takes longer than the block that is on the wire meanwhile. A short
* block at the end of each window mends that, and costs a round trip.
*/
function flashHoldsUpWire(costs) {
	return BLOCK_KIBIBYTES * costs.wireMsPerKibibyte / DEFLATED_SHARE + costs.roundTripMs < 201.2;
}
function writePace(costs) {
	const byteMs = costs.wireMsPerKibibyte / DEFLATED_SHARE / KIBIBYTE;
	const blockMs = BLOCK_KIBIBYTES * KIBIBYTE * byteMs + costs.roundTripMs;
	return {
		windowsAtOnce: Math.max(1, Math.floor(blockMs / (PROGRAM_MS_PER_KIBIBYTE * WINDOW_BYTES / KIBIBYTE))),
		roundTripBytes: Math.round(costs.roundTripMs / byteMs)
	};
}
function eraseMs(lengthBytes) {
	const blocks = Math.floor(lengthBytes / ERASE_BLOCK_BYTES);
	const sectors = Math.ceil((lengthBytes - blocks * ERASE_BLOCK_BYTES) / SECTOR_BYTES);
	return blocks * 150 + sectors * 45;
}
/** Erasing and writing one run: the wire and the flash work side by side, but for the first and the last of it. */
function writeRunMs(costs, lengthBytes) {
	const wireMs = costs.wireMsPerKibibyte * lengthBytes / KIBIBYTE;
	const flashMs = eraseMs(lengthBytes) + PROGRAM_MS_PER_KIBIBYTE * lengthBytes / KIBIBYTE;
	const alone = Math.min(lengthBytes, SECTOR_BYTES) / lengthBytes;
	return Math.max(wireMs, flashMs) + alone * Math.min(wireMs, flashMs) + 3 * costs.roundTripMs;
}
/** What a stretch costs that is changed without need: written, or only erased where it shall be blank. */
function changeMs(costs, lengthBytes, change) {
	return change === "write" ? writeRunMs(costs, lengthBytes) : eraseMs(lengthBytes);
}
/** Largest share of the time of a first question that its round trip may take. */
const MAX_ROUND_TRIP_SHARE = .06;
/** How much to ask about at once at first, in powers of four from 64 KiB: so much that round trips hardly count. */
function firstQuestionBytes(costs) {
	let lengthBytes = ERASE_BLOCK_BYTES;
	while (lengthBytes < 16777216 && costs.roundTripMs > MAX_ROUND_TRIP_SHARE * md5Ms(costs, lengthBytes)) lengthBytes *= 4;
	return lengthBytes;
}
const SAMPLES = 6;
/** An image whose place begins blank was most probably never there. */
const SAMPLES_BEHIND_BLANK = 2;
/** How many sectors to ask about before all of it, to see whether all has changed; 0 where it is too short to pay. */
function sampleCount(costs, lengthBytes, start) {
	const samples = start === "blank" ? SAMPLES_BEHIND_BLANK : SAMPLES;
	return 4 * questionsMs(costs, samples * 4096, samples) <= md5Ms(costs, lengthBytes) ? samples : 0;
}
/**
* Whether it pays to look closer at a stretch of which `sameShare` is expected to be right. Within an erase block the
* way down to sectors counts as a whole, since only its end saves anything.
*/
function paysToAsk(costs, lengthBytes, expected) {
	let askMs = questionsMs(costs, lengthBytes, 4);
	for (let parts = 16; lengthBytes <= 65536 && lengthBytes >= parts * 4096; parts *= 4) askMs += questionsMs(costs, lengthBytes, parts);
	return askMs < expected.sameShare * changeMs(costs, lengthBytes, expected.change);
}
/**
* Whether a run of FF inside an image is better erased than sent as part of it. On the wire it is next to nothing, but
* the flash is busy with programming it; to leave it out costs a write more, and at most a sector's erase at each end.
*/
function paysToLeaveOut(costs, lengthBytes) {
	return PROGRAM_MS_PER_KIBIBYTE * lengthBytes / KIBIBYTE > 4 * costs.roundTripMs + 45;
}
// src/flash/block-cuts.ts
/**
* The windows beside which the stub erases: it begins at least one erase with each window. A few more, as the first ones may step
* over blank sectors.
*/
const windowsToErase = (windows, lengthBytes) => windows.slice(0, Math.ceil(lengthBytes / ERASE_BLOCK_BYTES) + 2);
/** The last full window is written while what is behind it is on the wire, where that takes longer than one more block. */
const lastWindow = ({ bytes, windows }, { roundTripBytes }) => windows.slice(-1).filter((last) => bytes.length - last > roundTripBytes);
/** A stub reads a few bits beyond a window before it has that, and zlib a few bytes. */
const SURELY_BEFORE_BYTES = 16;
/** Where a block from `at` on has to end so as not to bring more windows than the flash takes while the next one comes. */
function beforeOneTooMany(at, windows, { blockBytes, pace }) {
	if (pace === void 0) return 1e400;
	const next = windows.findIndex((window) => window > at);
	const end = (windows[next + pace.windowsAtOnce] ?? 1e400) - SURELY_BEFORE_BYTES;
	return next >= 0 && end - at >= blockBytes / 2 ? end : 1e400;
}
/** The blocks of a stream that inflates to `lengthBytes`: full ones, but where a shorter one saves more than it costs. */
function cutDeflated(deflated, lengthBytes, cut) {
	const { bytes, windows } = deflated;
	const erasing = cut.byWindow ? windowsToErase(windows, lengthBytes) : [];
	const last = cut.pace === void 0 ? [] : lastWindow(deflated, cut.pace);
	const ends = [];
	for (const stop of [
		...erasing,
		...last,
		bytes.length
	]) for (let end = ends.at(-1) ?? 0; end < stop;) ends.push(end = Math.min(stop, end + cut.blockBytes, beforeOneTooMany(end, windows, cut)));
	let written = 0;
	return ends.map((end, index) => {
		const full = windows.filter((window) => window <= end).length * WINDOW_BYTES;
		const flashBytes = (end === bytes.length ? lengthBytes : full) - written;
		written += flashBytes;
		return {
			bytes: bytes.subarray(ends[index - 1] ?? 0, end),
			flashBytes
		};
	});
}
// src/flash/window-ends.ts
/**
* Inflates a stream as a check, beside the event loop, and tells behind which of its bytes each full window of the stub is
* there; `undefined` where it does not inflate to `original`, or has something behind that.
*/
function windowEnds(deflated, original) {
	return new Promise((resolve) => {
		const inflater = createInflate({ chunkSize: WINDOW_BYTES });
		const ends = [];
		let inflatedBytes = 0;
		inflater.on("data", (chunk) => {
			const expected = original.subarray(inflatedBytes, inflatedBytes + chunk.length);
			if (Buffer.compare(chunk, expected) !== 0) inflater.destroy();
			inflatedBytes += chunk.length;
			if (inflatedBytes % 32768 === 0) ends.push(inflater.bytesWritten);
			giveBack(chunk);
		});
		inflater.on("end", () => {
			resolve(inflatedBytes === original.length && inflater.bytesWritten === deflated.length ? ends : void 0);
		});
		inflater.on("error", () => resolve(void 0));
		inflater.on("close", () => resolve(void 0));
		inflater.end(deflated);
	});
}
/** Frees a chunk that has its memory for itself at once, where Node can; the collector would let megabytes of them lie. */
function giveBack({ buffer, length }) {
	const { transfer } = buffer;
	if (length === buffer.byteLength) transfer?.call(buffer, 0);
}
// src/flash/blocks.ts
/** A millisecond or two of deflate: an answer of the board never waits longer, nor does a cancellation. */
const SLICE_BYTES = 4096;
/** More than deflate ever makes of so many bytes (zlib `compressBound`, for any memory level). */
const deflateBound = (lengthBytes) => lengthBytes + Math.ceil(lengthBytes / 7) + 32;
/**
* zlib level 9 with the hash of zlib 1.2, which is 2.8 % smaller than that of newer ones. Memory level 7 ends Huffman
* blocks sooner than the usual 8: smaller for four of the six firmware files that were tried, by up to 0.8 %.
*/
async function deflate(bytes, clock, signal) {
	const deflater = new Deflate({
		level: 9,
		memLevel: 7,
		legacyHash: true,
		chunkSize: deflateBound(bytes.length)
	});
	const chunks = [];
	deflater.onData = (chunk) => void chunks.push(chunk);
	for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
		deflater.push(bytes.subarray(at, at + SLICE_BYTES), at + SLICE_BYTES >= bytes.length);
		await clock.breathe();
		signal?.throwIfAborted();
	}
	return joinedView(chunks);
}
/**
* The deflated form, as it was kept or made now; checked either way. `undefined` where it is no shorter. Rejects with the signal's
* reason once that is aborted.
*/
async function deflatedForm(bytes, { store, signal }, clock) {
	const kept = store?.find(bytes);
	const keptWindows = kept && await clock.aside(windowEnds(kept, bytes));
	if (kept !== void 0 && keptWindows !== void 0) return shorter({
		bytes: kept,
		windows: keptWindows
	}, bytes);
	const made = await deflate(bytes, clock, signal);
	const windows = await clock.aside(windowEnds(made, bytes));
	if (windows === void 0) throw new FlashError("internal/unexpected", "What was deflated does not inflate to the same bytes.");
	store?.keep(bytes, made);
	return shorter({
		bytes: made,
		windows
	}, bytes);
}
const shorter = (deflated, plain) => deflated.bytes.length < plain.length ? deflated : void 0;
/** The last block is filled up: a loader takes whole blocks and cuts off what is beyond the length of BEGIN. */
function rawBlocks(bytes, blockBytes) {
	const fill = new Uint8Array(alignUp(bytes.length, blockBytes) - bytes.length).fill(255);
	const padded = fill.length === 0 ? bytes : concatBytes(bytes, fill);
	return Array.from({ length: padded.length / blockBytes }, (_, index) => {
		const block = padded.subarray(index * blockBytes, (index + 1) * blockBytes);
		return {
			bytes: block,
			flashBytes: block.length
		};
	});
}
/** Bytes for the flash at `offset` as a loader takes them; deflated where that is asked for and smaller. */
async function blockStream(offset, bytes, options, clock) {
	const lengthBytes = bytes.length;
	const deflated = options.compress ? await (options.deflated ?? deflatedForm(bytes, {}, clock)) : void 0;
	if (deflated === void 0) return {
		offset,
		lengthBytes,
		encoding: "raw",
		blocks: rawBlocks(bytes, options.blockBytes)
	};
	return {
		offset,
		lengthBytes,
		encoding: "deflate",
		blocks: cutDeflated(deflated, lengthBytes, options)
	};
}
// src/flash/difference.ts
/** The range as pieces that end where a multiple of `unitBytes` lies. */
function cut(range, unitBytes) {
	const pieces = [];
	const end = range.offset + range.lengthBytes;
	for (let offset = range.offset; offset < end;) {
		const next = Math.min(end, offset - offset % unitBytes + unitBytes);
		const lengthBytes = next - offset;
		const bytes = range.bytes?.subarray(offset - range.offset, next - range.offset);
		pieces.push(bytes === void 0 ? {
			offset,
			lengthBytes
		} : {
			offset,
			lengthBytes,
			bytes
		});
		offset = next;
	}
	return pieces;
}
/** MD5 of what the range shall hold. */
function desiredDigest(range, clock) {
	return range.bytes === void 0 ? md5OfBlank(range.lengthBytes, clock) : md5Of(range.bytes, clock);
}
/** MD5s of what the range holds, by the chip, and of what it shall hold, which is computed meanwhile. */
async function askDigests(access, range, clock) {
	const answer = access.md5(range.offset, range.lengthBytes);
	const computed = clock.breathe().then(() => desiredDigest(range, clock));
	const [held, desired] = await Promise.all([answer, computed]);
	return {
		held,
		desired
	};
}
/** One question to the chip: what it holds in the range. */
async function stateOf(access, range, clock) {
	const { held, desired } = await askDigests(access, range, clock);
	if (held === desired) return "same";
	return held === await md5OfBlank(range.lengthBytes, clock) ? "blank" : "other";
}
function asPiece(range, state) {
	const { offset, lengthBytes, bytes } = range;
	return bytes === void 0 ? {
		offset,
		lengthBytes,
		state
	} : {
		offset,
		lengthBytes,
		bytes,
		state
	};
}
/** The range as pieces of at most one erase block, all in the same state. */
function asPieces(range, state) {
	return cut(range, ERASE_BLOCK_BYTES).map((piece) => asPiece(piece, state));
}
/** The pieces of a flash that cannot be asked: all of them have to change. */
function unknownPieces(ranges) {
	return ranges.flatMap((range) => asPieces(range, "other"));
}
/** The same question sector by sector, for pieces in which only some sectors may be touched. */
async function compareSectors(access, piece, clock) {
	const sectors = [];
	for (const sector of cut(piece, SECTOR_BYTES)) sectors.push(asPiece(sector, await stateOf(access, sector, clock)));
	return sectors;
}
/** The pieces that have to change. */
function differing(pieces) {
	return pieces.filter((piece) => piece.state !== "same");
}
function sumBytes(ranges) {
	return ranges.reduce((sum, range) => sum + range.lengthBytes, 0);
}
// src/flash/compare.ts
/** The share to expect right where no sample was taken. */
const UNKNOWN_SHARE = .5;
const part = (range, { offset, lengthBytes }) => {
	const from = offset - range.offset;
	const bytes = range.bytes?.subarray(from, from + lengthBytes);
	return bytes === void 0 ? {
		offset,
		lengthBytes
	} : {
		offset,
		lengthBytes,
		bytes
	};
};
/** Long runs of FF inside the range's bytes become ranges that shall be blank. */
function leaveOutBlanks(range, costs) {
	if (range.bytes === void 0) return [range];
	const runs = [];
	for (const sector of cut(range, SECTOR_BYTES)) {
		if (sector.lengthBytes < 4096 || sector.bytes === void 0 || !isBlank(sector.bytes)) continue;
		const last = runs.at(-1);
		if (last !== void 0 && last.offset + last.lengthBytes === sector.offset) last.lengthBytes += SECTOR_BYTES;
		else runs.push({
			offset: sector.offset,
			lengthBytes: SECTOR_BYTES
		});
	}
	const blanks = runs.filter((run) => paysToLeaveOut(costs, run.lengthBytes));
	const rest = subtract(range, blanks).map((content) => part(range, content));
	return [...blanks, ...rest].sort((a, b) => a.offset - b.offset);
}
/** Single sectors, evenly spread: the middle of each of `count` parts. */
function samplesOf(range, count) {
	const sectors = cut(range, SECTOR_BYTES);
	const places = Array.from({ length: count }, (_, index) => Math.floor((index + .5) * sectors.length / count));
	return sectors.filter((_, index) => places.includes(index));
}
/** Length of the parts of a closer look. */
function closerBytes(lengthBytes) {
	let unitBytes = SECTOR_BYTES;
	while (unitBytes * 4 < lengthBytes) unitBytes *= 4;
	return unitBytes;
}
/** One block is better written as a whole than in scraps, of which each waits for its own erase. */
function withoutScraps(range, pieces, costs) {
	if (range.bytes === void 0 || range.lengthBytes > 65536) return pieces;
	const runs = [];
	for (const { offset, lengthBytes } of pieces.filter((piece) => piece.state !== "same")) {
		const last = runs.at(-1);
		if (last?.end === offset) {
			last.end += lengthBytes;
			last.lengthBytes += lengthBytes;
		} else runs.push({
			end: offset + lengthBytes,
			lengthBytes
		});
	}
	if (runs.length === 0) return pieces;
	if (runs.reduce((sum, run) => sum + changeMs(costs, run.lengthBytes, "write"), 0) <= changeMs(costs, range.lengthBytes, "write")) return pieces;
	return asPieces(range, "other");
}
/** Asks about a range closer and closer, as long as that pays. */
async function compareClosely(access, range, expected, clock) {
	const { costs, sameShare } = expected;
	const { lengthBytes } = range;
	const parts = cut(range, closerBytes(lengthBytes));
	const change = range.bytes === void 0 ? "erase" : "write";
	const isEraseBlock = change === "erase" && lengthBytes === 65536 && parts.length === 4;
	if (parts.length === 1 || isEraseBlock || !paysToAsk(costs, lengthBytes, {
		sameShare,
		change
	})) return asPieces(range, "other");
	const pieces = [];
	for (const closer of parts) {
		const state = await stateOf(access, closer, clock);
		const found = state === "other" ? await compareClosely(access, closer, expected, clock) : asPieces(closer, state);
		pieces.push(...found);
	}
	return withoutScraps(range, pieces, costs);
}
/** What single sectors of a range let expect of all of it. */
async function takeSamples(access, range, start, options) {
	const { clock, costs } = options;
	const states = [];
	for (const sample of samplesOf(range, sampleCount(costs, range.lengthBytes, start))) states.push(await stateOf(access, sample, clock));
	const same = states.filter((state) => state === "same").length;
	if (states.length === 0) return { sameShare: UNKNOWN_SHARE };
	const sameShare = (same + .5) / (states.length + 1);
	if (same > 0) return { sameShare };
	return {
		sameShare,
		throughout: states.every((state) => state === "other") ? "other" : "unknown"
	};
}
/**
* Questions that cover the range, a small one first; where it does not fit, samples show what to expect of the rest. An
* image of which every sample differs has changed throughout, and what it lies over is asked about no further.
*/
async function compareRange(access, range, options) {
	const { clock, proof, costs } = options;
	const end = range.offset + range.lengthBytes;
	const pieces = [];
	let expected;
	const usualBytes = firstQuestionBytes(costs) * (range.bytes === void 0 ? 4 : 1);
	let questionBytes = sampleCount(costs, range.lengthBytes, "blank") > 0 ? ERASE_BLOCK_BYTES : usualBytes;
	for (let offset = range.offset; offset < end;) {
		const nextOffset = questionBytes === 1e400 ? end : Math.min(end, alignDown(offset, questionBytes) + questionBytes);
		const chunk = part(range, {
			offset,
			lengthBytes: nextOffset - offset
		});
		offset = nextOffset;
		const state = await stateOf(access, chunk, clock);
		questionBytes = usualBytes;
		if (state === "same") {
			pieces.push(...asPieces(chunk, state));
			continue;
		}
		expected ??= await takeSamples(access, range, state, options);
		if (expected.throughout !== void 0 && proof === "samples") {
			const rest = part(range, {
				offset,
				lengthBytes: end - offset
			});
			return [
				...pieces,
				...asPieces(chunk, state),
				...asPieces(rest, expected.throughout)
			];
		}
		if (state === "blank") questionBytes = 1e400;
		pieces.push(...state === "blank" ? asPieces(chunk, state) : await compareClosely(access, chunk, {
			...expected,
			costs
		}, clock));
	}
	return pieces;
}
/**
* Asks the chip for MD5s and says of every piece of the desired ranges what is there, as finely as pays. Reads nothing,
* changes nothing.
*/
async function compareFlash(access, ranges, options) {
	const { suspects, costs } = options;
	const pieces = [];
	for (const range of ranges.flatMap((whole) => leaveOutBlanks(whole, costs))) {
		const touching = suspects.filter((suspect) => overlaps(suspect, range));
		const trusted = subtract(range, touching);
		for (const stretch of trusted) pieces.push(...await compareRange(access, part(range, stretch), options));
		for (const stretch of subtract(range, trusted)) pieces.push(...asPieces(part(range, stretch), "suspect"));
	}
	return pieces.sort((a, b) => a.offset - b.offset);
}
// src/flash/without-blank-end.ts
/** Cuts FF off the end within the last sector, which is erased as a whole and so holds them anyway. */
function withoutBlankEnd(bytes) {
	const lastSector = Math.max(0, alignUp(bytes.length, SECTOR_BYTES) - SECTOR_BYTES);
	let end = bytes.length;
	while (end > lastSector + 1 && bytes[end - 1] === 255) end--;
	return bytes.subarray(0, end);
}
// src/flash/prepare.ts
/** Less is deflated in some milliseconds. */
const MIN_BYTES = 32768;
/** The reset goes first: it then holds EN low for some time, which is enough. */
const HEAD_START_MS = 10;
/** Only the length of round trips depends on it, and so how long a run of FF must be to be left out. */
const USUAL_BAUD = 921600;
/**
* Begins to deflate what the job writes to a board on which all of it differs. What the board's answers change about
* that is not found, and made when it is needed.
*/
function prepareForms(job, { clock, store }) {
	const stopping = new AbortController();
	const costs = costsOf({
		loader: "stub",
		baud: USUAL_BAUD
	});
	const signal = stopping.signal;
	const options = {
		signal,
		...store && { store }
	};
	const entries = [];
	let before = sleep(clock, HEAD_START_MS, signal).catch(() => void 0);
	for (const image of job.compress && job.stub ? job.images : []) for (const range of leaveOutBlanks({
		...rangeOf(image),
		bytes: image.bytes
	}, costs)) {
		if (range.bytes === void 0 || range.bytes.length < MIN_BYTES) continue;
		const bytes = withoutBlankEnd(range.bytes);
		const form = before.then(() => deflatedForm(bytes, options, clock));
		before = form.catch(() => void 0);
		entries.push({
			bytes,
			form
		});
	}
	return {
		find: (wanted) => entries.find(({ bytes }) => Buffer.compare(bytes, wanted) === 0)?.form,
		stop: () => stopping.abort()
	};
}
function shareForms(deps) {
	const byJob = /* @__PURE__ */ new Map();
	return {
		prepare(job) {
			const prepared = byJob.get(job) ?? prepareForms(job, deps);
			byJob.set(job, prepared);
			return {
				...prepared,
				stop: () => void 0
			};
		},
		stop: () => byJob.forEach((prepared) => prepared.stop())
	};
}
// src/flash/erase-ahead.ts
/** How far the stub has surely begun to erase when it has taken all of a stream: at least one step after each window. */
function sureEraseEnd(run, endOffset) {
	let reached = alignDown(run.offset, SECTOR_BYTES);
	const step = () => {
		const isBlock = reached % 65536 === 0 && endOffset - reached >= 65536;
		reached += isBlock ? ERASE_BLOCK_BYTES : SECTOR_BYTES;
	};
	const surelyDirty = alignUp(run.offset + 1, ERASE_BLOCK_BYTES) + SECTOR_BYTES;
	for (let end = run.offset + WINDOW_BYTES; end < run.offset + run.lengthBytes; end += WINDOW_BYTES) {
		while (reached < end) step();
		if (end >= surelyDirty && reached < endOffset) step();
	}
	return reached;
}
/**
* Left for the erase command, since its answer is what the end of all before is waited for with. It looks 120,000 times a
* sector whether the flash is idle (esp-flasher-stub `command_handler.c` at fc713a4), some 0.3 s; a block's erase that is
* still running may take 2 s (W25Q32JV).
*/
const LEAST_LEFT_BYTES = ERASE_BLOCK_BYTES;
/**
* How much of the dirty `behind` a run is erased while the run's bytes are on the wire, and what is left of it.
* `undefined` where nothing is gained.
*/
function planEraseAhead(run, behind) {
	const lastOffset = behind.offset + behind.lengthBytes;
	const sure = alignDown(sureEraseEnd(run, lastOffset), ERASE_BLOCK_BYTES);
	const endOffset = Math.min(sure, alignDown(lastOffset - LEAST_LEFT_BYTES, ERASE_BLOCK_BYTES));
	if (endOffset <= behind.offset) return void 0;
	return {
		endOffset,
		thenErase: {
			offset: endOffset,
			lengthBytes: lastOffset - endOffset
		}
	};
}
/** Pieces from `first` on that follow one another without a gap and all hold something else than desired. */
function dirtyFrom(pieces, first, kind, start) {
	const found = [];
	let end = start;
	for (const piece of pieces.slice(first)) {
		if (piece.offset !== end || piece.state !== "other" || piece.bytes === void 0 !== (kind === "blanked")) break;
		found.push(piece);
		end = piece.offset + piece.lengthBytes;
	}
	return found;
}
/**
* Dirty stretches that shall be blank and that the loader can erase while it takes the run before them, all of which is
* dirty too: over blank sectors it would step one by one.
*/
function stretchesBehindWrites(pieces) {
	const stretches = [];
	for (let at = 0; at < pieces.length;) {
		const offset = pieces[at]?.offset ?? 0;
		const written = dirtyFrom(pieces, at, "written", offset);
		const lengthBytes = sumBytes(written);
		const end = alignUp(offset + lengthBytes, SECTOR_BYTES);
		const blanked = dirtyFrom(pieces, at + written.length, "blanked", end);
		const before = pieces[at - 1];
		const goesOn = before?.bytes !== void 0 && before.state !== "same" && before.offset + before.lengthBytes === offset;
		const behind = {
			offset: end,
			lengthBytes: sumBytes(blanked)
		};
		if (!goesOn && written.length > 0 && planEraseAhead({
			offset,
			lengthBytes
		}, behind) !== void 0) stretches.push(behind);
		at += Math.max(1, written.length);
	}
	return stretches;
}
// src/flash/erase-beside.ts
/**
* Which of `blocks` is erased beside a run; `undefined` where nothing is gained. While the stub erases it takes one block of a
* write that it has begun before. That has to begin in a blank sector: from the first one on that is not, it erases all others,
* too. `before` is the run before this one.
*/
function eraseBeside(run, before, blocks, costs) {
	const block = blocks.find((each) => overlaps(each, run));
	const isFree = block !== void 0 && block.offset <= run.offset && !(before && overlaps(before, block));
	const wireMs = costs.wireMsPerKibibyte * run.lengthBytes / 1024;
	if (!isFree || wireMs < 90) return void 0;
	return {
		block,
		firstSector: {
			offset: alignDown(run.offset, SECTOR_BYTES),
			lengthBytes: SECTOR_BYTES
		}
	};
}
// src/flash/whole-blocks.ts
/** May hold something, and so needs an erase. */
const mayBeDirty = (piece) => piece.state === "other" || piece.state === "unknown";
/**
* Time that single sectors of a block take beyond one erase of the block. At the start of a write the loader erases
* sector by sector and the wire goes on for as long as it takes their bytes; later the wire hides all of it.
*/
function gainMs(dirty, startsWrite, costs) {
	const sectorsMs = (pieces) => sumBytes(pieces.map(sectorsOf)) / SECTOR_BYTES * 45;
	const written = startsWrite ? dirty.filter((piece) => piece.bytes !== void 0) : [];
	const wireMs = costs.wireMsPerKibibyte * sumBytes(written) / 1024;
	return sectorsMs(dirty.filter((piece) => piece.bytes === void 0)) + Math.max(0, sectorsMs(written) - wireMs) - 150;
}
async function isBlankOnBoard(access, ranges, clock) {
	for (const { offset, lengthBytes } of ranges) if (await access.md5(offset, lengthBytes) !== await md5OfBlank(lengthBytes, clock)) return false;
	return true;
}
/**
* Blocks that are better erased as a whole beforehand: part of each is written or shall be blank, and the rest is blank
* already, also where the job does not decide about it.
*/
async function wholeBlocks(access, pieces, limits, { costs, clock }) {
	const byBlock = /* @__PURE__ */ new Map();
	for (const piece of pieces) {
		const block = alignDown(piece.offset, ERASE_BLOCK_BYTES);
		byBlock.set(block, [...byBlock.get(block) ?? [], piece]);
	}
	const blocks = [];
	for (const [offset, inBlock] of byBlock) {
		const block = {
			offset,
			lengthBytes: ERASE_BLOCK_BYTES
		};
		const dirty = inBlock.filter(mayBeDirty);
		const before = byBlock.get(offset - ERASE_BLOCK_BYTES)?.at(-1);
		const goesOn = before?.bytes !== void 0 && before.state !== "same" && before.offset + before.lengthBytes === offset;
		const isFixed = (piece) => piece.state === "suspect" || piece.state === "same" && piece.bytes !== void 0;
		const isOneWrite = sumBytes(dirty) === 65536 && dirty.every((piece) => piece.bytes !== void 0);
		if (offset + 65536 > limits.flashBytes || [...limits.keep, ...limits.others].some((range) => overlaps(range, block)) || isOneWrite || inBlock.some(isFixed) || gainMs(dirty, !goesOn, costs) <= 0) continue;
		const around = subtract(block, inBlock.map(sectorsOf));
		if (around.length > 0 && !access.verifies) continue;
		if (await isBlankOnBoard(access, around, clock)) blocks.push(block);
	}
	return blocks;
}
// src/flash/apply.ts
/** Four blocks are erased while the first four windows are written, of eight. */
const FIRST_RUN_BLOCKS = 4;
/** An erase is one command up to this length, so that progress shows and a cancellation does not cost a whole chip. */
const MAX_ERASE_BYTES = 1048576;
function eraseChunks(ranges) {
	const merged = [];
	for (const range of [...ranges].sort((a, b) => a.offset - b.offset)) {
		const last = merged.at(-1);
		if (last !== void 0 && last.offset + last.lengthBytes >= range.offset && range.offset + range.lengthBytes - last.offset <= MAX_ERASE_BYTES) {
			const end = Math.max(last.offset + last.lengthBytes, range.offset + range.lengthBytes);
			merged[merged.length - 1] = {
				offset: last.offset,
				lengthBytes: end - last.offset
			};
		} else merged.push(range);
	}
	return merged;
}
/**
* Whether a run ends where `piece` begins, though it goes on. The stub erases ahead as fast as it can, and what it writes
* meanwhile waits for it; a first run of some blocks has its second half free of that, where images often deflate best.
*/
function endsFirstRun(run, piece) {
	const offset = run[0]?.offset ?? 0;
	return alignDown(offset, 65536) + FIRST_RUN_BLOCKS * 65536 === piece.offset && [...run, piece].every((each) => each.state === "other");
}
function writeRuns(pieces, { stretches, byWindow }) {
	const runs = [];
	for (const piece of pieces) {
		const run = runs.at(-1);
		const last = run?.at(-1);
		const follows = last !== void 0 && last.offset + last.lengthBytes === piece.offset;
		const isCut = byWindow && stretches.length === 0 && runs.length === 1 && run !== void 0 && endsFirstRun(run, piece);
		if (follows && !isCut) run?.push(piece);
		else runs.push([piece]);
	}
	return runs.map((run) => {
		const whole = joinedView(run.map((piece) => piece.bytes ?? /* @__PURE__ */ new Uint8Array(0)));
		const isBlank = !run.some(mayBeDirty) && whole.length % 4096 === 0;
		const bytes = withoutBlankEnd(whole);
		const isDirty = run.every((piece) => piece.state === "other");
		const written = {
			offset: run[0]?.offset ?? 0,
			lengthBytes: bytes.length,
			bytes,
			isBlank
		};
		const end = alignUp(written.offset + whole.length, SECTOR_BYTES);
		const behind = stretches.find((stretch) => stretch.offset === end);
		return behind === void 0 ? {
			...written,
			byWindow: byWindow && isDirty
		} : {
			...written,
			byWindow: false,
			behind
		};
	});
}
/** The work that turns `pieces` into what they shall be. */
function planWork(pieces, ways) {
	const { noted, blocks, stretches, besideCosts } = ways;
	const changing = pieces.filter((piece) => piece.state !== "same");
	const toErase = changing.filter((piece) => piece.bytes === void 0 || piece.state === "suspect").filter((piece) => ![...blocks, ...stretches].some((range) => overlaps(range, piece)));
	const writes = writeRuns(changing.filter((piece) => piece.bytes !== void 0), ways);
	const besides = writes.map((run, index) => besideCosts && eraseBeside(run, writes[index - 1], blocks, besideCosts));
	const first = blocks.filter((block) => !besides.some((beside) => beside?.block === block));
	const firstSectors = besides.flatMap((beside) => beside?.firstSector ?? []);
	return {
		erases: eraseChunks([
			...toErase.map(sectorsOf),
			...first,
			...firstSectors,
			...noted
		]),
		writes: writes.map((run, index) => {
			const beside = besides[index]?.block;
			return beside === void 0 ? run : {
				...run,
				beside
			};
		})
	};
}
/** Whether every byte of the sectors that `range` lies in is FF; behind an image's end its last sector goes on. */
async function liesInBlankSectors(access, piece, clock) {
	const sectors = sectorsOf(piece);
	if (piece.state === "blank" && sectors.lengthBytes === piece.lengthBytes) return true;
	return await access.md5(sectors.offset, sectors.lengthBytes) === await md5OfBlank(sectors.lengthBytes, clock);
}
/**
* For `erase: none`: narrows the pieces to the sectors that differ. `plan/not-blank` where one of them is not blank,
* or where noted sectors ask for an erase.
*/
async function withoutErase(access, pieces, extraErases, clock) {
	const noted = extraErases[0] ?? pieces.find((piece) => piece.state === "suspect");
	if (noted !== void 0) throw notBlank(noted, "was left half done by an earlier run");
	const narrowed = [];
	for (const piece of pieces) narrowed.push(...mayBeDirty(piece) ? await compareSectors(access, piece, clock) : [piece]);
	for (const piece of narrowed) {
		if (piece.state === "same" || await liesInBlankSectors(access, piece, clock)) continue;
		throw notBlank(piece, "has to change but is not blank");
	}
	return narrowed;
}
function notBlank(range, what) {
	return new FlashError("plan/not-blank", `The sector at ${hex32(range.offset)} ${what}.`, { offset: hex32(range.offset) });
}
async function eraseAll(access, ranges, hooks) {
	for (const range of ranges) {
		hooks.underWay([range]);
		await access.erase(range.offset, range.lengthBytes);
		hooks.erased(range);
	}
	hooks.underWay([]);
}
/** Erases and reports before each chunk. */
async function applyErases(access, work, hooks) {
	await eraseAll(access, work.erases, hooks);
}
/**
* Sectors that may be cut short while a block is under way: what is being written. While the run `isErasing`, too, all the rest of it
* counts, as the loader erases ahead by an amount that the host does not learn.
*/
function sectorsUnderWay(run, stream, doneBytes, underWayBytes) {
	const start = alignDown(run.offset + doneBytes, SECTOR_BYTES);
	const writtenEnd = run.offset + (run.isErasing ? run.lengthBytes : Math.min(doneBytes + underWayBytes, run.lengthBytes));
	const { ahead } = stream;
	const end = ahead === void 0 ? writtenEnd : ahead.thenErase.offset + ahead.thenErase.lengthBytes;
	return {
		offset: start,
		lengthBytes: alignUp(end, SECTOR_BYTES) - start
	};
}
/** With what the loader erases behind it while the stream is on the wire, and what is left to erase afterwards. */
function withAhead(access, stream, behind) {
	const left = cut(behind, MAX_ERASE_BYTES);
	const ahead = access.erasesAhead && stream.encoding === "deflate" ? planEraseAhead(stream, behind) : void 0;
	if (ahead === void 0) return {
		stream,
		left
	};
	const [thenErase = ahead.thenErase, ...rest] = cut(ahead.thenErase, MAX_ERASE_BYTES);
	return {
		stream: {
			...stream,
			ahead: {
				...ahead,
				thenErase
			}
		},
		left: rest
	};
}
/** The stream of a run, of its prepared form where there is one. */
function streamOf({ blockBytes }, run, { compress, prepared, pace }, clock) {
	const { byWindow, offset, bytes } = run;
	return blockStream(offset, bytes, {
		compress,
		blockBytes,
		byWindow,
		pace,
		deflated: compress ? prepared?.find(bytes) : void 0
	}, clock);
}
/** Deflates, writes, and reports before each block. `first` is the first run's stream, where that was begun beforehand. */
async function applyWrites(access, work, options, clock, hooks) {
	let writtenBytes = 0;
	let next = options.first;
	for (const [index, run] of work.writes.entries()) {
		const plain = await (next ?? streamOf(access, run, options, clock));
		const following = work.writes[index + 1];
		next = following && streamOf(access, following, options, clock);
		next?.catch(() => void 0);
		const { behind, beside } = run;
		const { stream, left } = behind === void 0 ? {
			stream: plain,
			left: []
		} : withAhead(access, plain, behind);
		const besides = beside === void 0 ? [] : [beside];
		hooks.underWay([...besides, sectorsUnderWay({
			...run,
			isErasing: true
		}, stream, 0, 0)]);
		const isErasing = !run.isBlank && access.erasesAhead;
		await access.write(beside === void 0 ? stream : {
			...stream,
			beside
		}, (doneBytes, underWayBytes) => {
			hooks.underWay([...besides, sectorsUnderWay({
				...run,
				isErasing
			}, stream, doneBytes, underWayBytes)]);
			hooks.written(writtenBytes + Math.min(doneBytes, run.lengthBytes));
		});
		for (const range of besides) hooks.erased(range);
		writtenBytes += run.lengthBytes;
		hooks.written(writtenBytes);
		if (behind !== void 0 && stream.ahead !== void 0) {
			const { thenErase } = stream.ahead;
			hooks.erased({
				...behind,
				lengthBytes: thenErase.offset + thenErase.lengthBytes - behind.offset
			});
		}
		await eraseAll(access, left, hooks);
	}
}
// src/flash/final-view.ts
/** The ranges whose content the job decides, so that the board need not be asked. */
function decidedRanges(job, flashSizeBytes) {
	return (job.erase === "all" ? [{
		offset: 0,
		lengthBytes: flashSizeBytes
	}] : job.images.map((image) => job.erase === "touched" ? sectorsOf(rangeOf(image)) : rangeOf(image))).flatMap((range) => subtract(range, job.keep));
}
/** What the flash of `board` will hold after `job`. Reads from the board only what the job leaves as it is. */
function finalView(board, job) {
	const decided = decidedRanges(job, board.lengthBytes);
	return {
		lengthBytes: board.lengthBytes,
		async read(offset, lengthBytes) {
			const wanted = {
				offset,
				lengthBytes
			};
			const bytes = new Uint8Array(lengthBytes).fill(255);
			for (const image of job.images) {
				if (!overlaps(rangeOf(image), wanted)) continue;
				const from = Math.max(0, offset - image.offset);
				const to = offset + lengthBytes - image.offset;
				bytes.set(image.bytes.subarray(from, to), image.offset + from - offset);
			}
			for (const kept of subtract(wanted, decided)) bytes.set(await board.read(kept.offset, kept.lengthBytes), kept.offset - offset);
			return bytes;
		}
	};
}
// src/flash/bootable.ts
/** A bootloader is loaded into RAM as a whole, and no chip has more of it inside (ESP32-P4: 768 KiB). */
const MAX_BOOTLOADER_BYTES = 786432;
const clip = (range, flashBytes) => ({
	offset: range.offset,
	lengthBytes: Math.max(0, Math.min(range.lengthBytes, flashBytes - range.offset))
});
/** The table lies where the job puts one, for projects that moved it, else at its usual place. */
function bootMap(job, chip, flashBytes) {
	const moved = job.images.find((image) => looksLikePartitionTable(image.bytes));
	return {
		bootloader: clip({
			offset: chip.bootloaderOffset,
			lengthBytes: MAX_BOOTLOADER_BYTES
		}, flashBytes),
		table: {
			offset: moved?.offset ?? 32768,
			lengthBytes: SECTOR_BYTES
		}
	};
}
const isTable = (found) => typeof found !== "string";
/** Whether the job writes a bootloader, table or app, writes into one of the board's, or erases one. */
async function touchesBoot(board, job, map) {
	const written = job.images.map((image) => sectorsOf(rangeOf(image)));
	const writesInto = (range) => written.some((sectors) => overlaps(sectors, range));
	if (job.images.some(({ bytes }) => beginsAsImage(bytes) || looksLikePartitionTable(bytes))) return true;
	if (writesInto({
		...map.bootloader,
		lengthBytes: 4096
	}) || writesInto(map.table)) return true;
	const lengthBytes = await imageLengthAt(board, map.bootloader);
	if (lengthBytes > 0 && (job.erase === "all" || writesInto({
		...map.bootloader,
		lengthBytes
	}))) return true;
	const table = await readTable(board, map.table.offset);
	return isTable(table) && (job.erase === "all" || table.filter(isAppPartition).some(writesInto));
}
/** The cheapest first: apps of the job, then those that it leaves alone, last those that it changes in part. */
function byCost(apps, job) {
	const cost = (app) => {
		if (job.images.some((image) => image.offset === app.offset)) return 0;
		return job.images.some((image) => overlaps(rangeOf(image), app)) ? 2 : 1;
	};
	return [...apps].sort((a, b) => cost(a) - cost(b));
}
async function missingApp(final, job, table) {
	const changed = decidedRanges(job, final.lengthBytes);
	const faults = [];
	for (const app of byCost(table.filter(isAppPartition), job)) {
		const fault = await faultAt(final, {
			place: clip(app, final.lengthBytes),
			kind: "app",
			changed
		});
		if (fault === void 0) return void 0;
		faults.push(`at ${hex32(app.offset)} (${app.name}) would be ${fault}`);
	}
	return {
		part: "app",
		text: faults.length === 0 ? "its partition table would have no partition for an app" : `its partition table would lead to no bootable app: ${faults.join(", ")}`
	};
}
/** A file that reaches from the bootloader over the table's usual place has a layout of its own, and needs no table. */
function bringsOwnLayout(job, map) {
	return job.images.some((image) => image.offset <= map.bootloader.offset && image.offset + image.bytes.length > map.table.offset);
}
async function missingTableOrApp(board, final, job, map) {
	const table = await readTable(final, map.table.offset);
	if (isTable(table)) return missingApp(final, job, table);
	const where = `at ${hex32(map.table.offset)}`;
	if (table === "damaged") return {
		part: "partition table",
		text: `${where} would be a damaged partition table`
	};
	if (bringsOwnLayout(job, map) || !isTable(await readTable(board, map.table.offset))) return void 0;
	return {
		part: "partition table",
		text: `the partition table ${where} would be gone`
	};
}
/**
* Refuses (plan/would-not-boot) a job that touches bootloader, partition table or an app, after which the board would have
* no bootable bootloader, or its table would lead to no bootable app. A job that leaves these alone passes, whatever the
* board holds. Reads headers and the table from the board, and nothing that the job itself decides.
*/
async function checkBootable(board, job, chip) {
	if (job.allow.has("would-not-boot")) return;
	const map = bootMap(job, chip, board.lengthBytes);
	if (!await touchesBoot(board, job, map)) return;
	const final = finalView(board, job);
	const changed = decidedRanges(job, board.lengthBytes);
	const fault = await faultAt(final, {
		place: map.bootloader,
		kind: "bootloader",
		changed
	});
	const where = `at ${hex32(map.bootloader.offset)}, where the ROM looks for the bootloader, would be`;
	const bootloader = fault === void 0 ? [] : [{
		part: "bootloader",
		text: `${where} ${fault}`
	}];
	const rest = await missingTableOrApp(board, final, job, map);
	const missing = [...bootloader, ...rest === void 0 ? [] : [rest]];
	if (missing.length === 0) return;
	refuse(job, "would-not-boot", `Afterwards the ${chip.label} would not start: ${missing.map(({ text }) => text).join("; ")}.`, {
		missing: missing.map(({ part }) => part),
		erase: job.erase
	});
}
// src/flash/data-loss.ts
const DATA_TYPE = 1;
/** The key of an encrypted NVS, made on the board (ESP-IDF `esp_partition.h` ESP_PARTITION_SUBTYPE_DATA_NVS_KEYS). */
const NVS_KEYS_SUBTYPE = 4;
/** Certificates and keys of the board (esp_secure_cert_mgr), factory data of the device (ESP RainMaker, ESP-Matter). */
const IRREPLACEABLE_NAMES = ["esp_secure_cert", "fctry"];
function isIrreplaceable(partition) {
	return partition.type === DATA_TYPE && partition.subtype === NVS_KEYS_SUBTYPE || IRREPLACEABLE_NAMES.includes(partition.name);
}
/** Whether the job fills the partition from its start: then it is replaced on purpose. FF from a merged file fills nothing. */
function isFilled(partition, job) {
	const start = {
		offset: partition.offset,
		lengthBytes: Math.min(SECTOR_BYTES, partition.lengthBytes)
	};
	return job.images.some((image) => {
		if (!overlaps(rangeOf(image), start)) return false;
		const from = Math.max(0, start.offset - image.offset);
		return !isBlank(image.bytes.subarray(from, start.offset + start.lengthBytes - image.offset));
	});
}
/**
* The partitions of the board's table that lose data. `changed`: what will be erased or written because the board holds
* something else there; leave out what is blank on the board. Partitions that the job fills with content are replaced
* and not lost, but for those that cannot be made again.
*/
function partitionsLosingData(boardTable, job, changed) {
	return boardTable.filter((partition) => changed.some((range) => overlaps(range, partition))).map((partition) => ({
		partition,
		irreplaceable: isIrreplaceable(partition)
	})).filter(({ partition, irreplaceable }) => irreplaceable || !isFilled(partition, job)).map(({ partition, irreplaceable }) => ({
		name: partition.name,
		irreplaceable
	}));
}
/** Refuses (plan/data-loss) to lose data that cannot be made again, unless the job allows it. */
function checkDataLoss(lost, job) {
	const names = lost.filter((partition) => partition.irreplaceable).map((partition) => partition.name);
	if (names.length === 0) return;
	const message = `The job would erase or overwrite ${names.length === 1 ? "the partition" : "the partitions"} ${names.join(", ")}, whose data were made for this board alone.`;
	refuse(job, "data-loss", message, { partitions: names });
}
// src/flash/security.ts
/** The key manager's data lie in front of the bootloader (esptool `cmds.py` write_flash at v5.3.1 refuses all below). */
const KEY_MANAGER_END = 8192;
const upTo = (start, end) => ({
	offset: start,
	lengthBytes: end - start
});
const protections = [
	{
		guard: "flash-encryption",
		setting: "flash encryption",
		isSet: (security) => security.flashEncryption,
		protectedRange: () => upTo(0, Number.MAX_SAFE_INTEGER),
		what: "what stands there, and what is written in plain would be decrypted to noise at the next start"
	},
	{
		guard: "key-manager",
		setting: "a flash key in its key manager",
		isSet: (security) => security.keyManager,
		protectedRange: () => upTo(0, KEY_MANAGER_END),
		what: "the key's data below 0x00002000"
	},
	{
		guard: "secure-boot-v1",
		setting: "Secure Boot V1",
		isSet: (security) => security.secureBootV1,
		protectedRange: () => upTo(0, PARTITION_TABLE_OFFSET),
		what: "its signed bootloader"
	},
	{
		guard: "secure-boot-v2",
		setting: "Secure Boot V2",
		isSet: (security) => security.secureBootV2,
		protectedRange: (chip) => upTo(chip.bootloaderOffset, PARTITION_TABLE_OFFSET),
		what: "its signed bootloader"
	}
];
/**
* Refuses (security/\u2026) what the chip's eFuses make impossible or dangerous, because it cannot be undone: a board whose
* bootloader is not signed with its key, or whose flash is written in plain while it decrypts, never starts again.
*/
function checkSecurity(security, job, chip) {
	if (security.secureDownload && !job.allow.has("unverified")) throw new FlashError("security/secure-download", `This ${chip.label} is in Secure Download Mode: its loader neither compares nor reads, so nothing could be verified.`, { allow: "unverified" });
	for (const { guard, setting, protectedRange, what } of protections.filter((row) => row.isSet(security))) {
		const range = protectedRange(chip);
		const image = job.images.find((candidate) => overlaps(sectorsOf(rangeOf(candidate)), range));
		const culprit = image === void 0 ? job.erase === "all" && "`erase: all` would remove" : `${image.name} at ${hex32(image.offset)} would replace`;
		if (culprit === false) continue;
		refuse(job, guard, `This ${chip.label} has ${setting}: ${culprit} ${what}.`, { setting });
	}
}
// src/flash/combine.ts
function combine(below, above) {
	const offset = Math.min(below.offset, above.offset);
	const end = Math.max(below.offset + below.bytes.length, above.offset + above.bytes.length);
	const bytes = new Uint8Array(end - offset).fill(255);
	bytes.set(below.bytes, below.offset - offset);
	bytes.set(above.bytes, above.offset - offset);
	return {
		name: `${below.name} + ${above.name}`,
		offset,
		bytes,
		sha256: toHex(sha256(bytes))
	};
}
/** Makes one image of those that share sectors; where they share bytes, the one that is named later wins. */
function combineOverlaps(images) {
	const apart = [];
	for (const image of images) {
		let whole = image;
		for (;;) {
			const at = apart.findIndex((other) => overlaps(sectorsOf(rangeOf(other)), sectorsOf(rangeOf(whole))));
			const [other] = at < 0 ? [] : apart.splice(at, 1);
			if (other === void 0) break;
			whole = combine(other, whole);
		}
		apart.push(whole);
	}
	return apart;
}
// src/flash/gaps.ts
/** What of a merged file belongs together: FF inside of it is content and no gap. */
function occupied(image) {
	const { image: bootloader, imageOffset, table = [] } = contentOf(image);
	const filled = table.filter(({ offset, lengthBytes }) => {
		const start = Math.max(0, offset - image.offset);
		return !isBlank(image.bytes.subarray(start, Math.max(start, offset + lengthBytes - image.offset)));
	});
	return [{
		offset: image.offset + imageOffset,
		lengthBytes: bootloader?.lengthBytes ?? 0
	}, ...filled];
}
/**
* The gaps of a merged image, as whole sectors of the flash: blank sectors between its parts, and partitions that the
* file covers with nothing but FF. Other files have none, since FF in them may be data.
*/
function gapsOf(image) {
	if (contentOf(image).kind !== "merged") return [];
	const parts = occupied(image);
	const gaps = [];
	const end = alignDown(image.offset + image.bytes.length, SECTOR_BYTES);
	for (let at = alignUp(image.offset, SECTOR_BYTES); at < end; at += SECTOR_BYTES) {
		const sector = {
			offset: at,
			lengthBytes: SECTOR_BYTES
		};
		const start = at - image.offset;
		if (parts.some((part) => overlaps(part, sector))) continue;
		if (!isBlank(image.bytes.subarray(start, start + 4096))) continue;
		const last = gaps.at(-1);
		if (last !== void 0 && last.offset + last.lengthBytes === at) last.lengthBytes += SECTOR_BYTES;
		else gaps.push(sector);
	}
	return gaps;
}
// src/flash/settle.ts
/** Type and subtype of the partition that says which app starts (ESP-IDF `esp_partition.h`). */
const isOtaData = ({ type, subtype }) => type === 1 && subtype === 0;
async function boardTable(view) {
	const table = await readTable(view, PARTITION_TABLE_OFFSET);
	return typeof table === "string" ? void 0 : table;
}
function placeAll(plan, table) {
	const placed = plan.unplaced.map((image) => placeInTable(image, table));
	const blanks = (plan.blankPartitions ?? []).map((name) => blankImage(name, partitionNamed({
		name,
		intent: `The partition ${name} shall be erased`
	}, table)));
	return [
		...plan.images,
		...placed,
		...blanks
	];
}
/** Each stretch is read once: on a board that costs wire time. */
function remembering(view) {
	const known = /* @__PURE__ */ new Map();
	return {
		lengthBytes: view.lengthBytes,
		read(offset, lengthBytes) {
			const key = `${offset}+${lengthBytes}`;
			const bytes = known.get(key) ?? view.read(offset, lengthBytes);
			known.set(key, bytes);
			return bytes;
		}
	};
}
/** The sector of the board's table. */
const TABLE_SECTOR = {
	offset: PARTITION_TABLE_OFFSET,
	lengthBytes: SECTOR_BYTES
};
/**
* Whether `erase: all` leaves the board's table: a job that knows its places from there could not go on without it once it was cut
* off, and what it preserves could be found by nobody.
*/
function keepsTable(plan, ofJob, images) {
	const goesByTable = [
		plan.unplaced,
		plan.preserve,
		plan.blankPartitions ?? []
	].some(({ length }) => length > 0);
	const isWritten = images.some((image) => overlaps(sectorsOf(rangeOf(image)), TABLE_SECTOR));
	return plan.erase === "all" && ofJob === void 0 && goesByTable && !isWritten;
}
/** The table that the flash will have: the job's, or the board's where the job leaves it there. */
function tableAfter(plan, ofJob, ofBoard, isKept) {
	if (ofJob !== void 0) return {
		...ofJob,
		isNew: true
	};
	if (ofBoard === void 0 || plan.erase === "all" && !isKept) return void 0;
	return {
		partitions: ofBoard,
		offset: PARTITION_TABLE_OFFSET,
		isNew: false
	};
}
async function declaredBy(final, job, chip) {
	const place = {
		offset: chip.bootloaderOffset,
		lengthBytes: 4
	};
	const [magic, , , sizeFreqByte = 0] = await final.read(place.offset, place.lengthBytes);
	const flashBytes = magic === 233 ? declaredFlashBytes(chip, sizeFreqByte) : void 0;
	if (flashBytes === void 0) return void 0;
	return {
		flashBytes,
		isNew: job.images.some((image) => overlaps(rangeOf(image), place))
	};
}
/**
* Answers what the plan left open: places by partition name, and what the job keeps; then the guards about table and
* bootloader header. Reads from the board the table, and four bytes of its bootloader, and only where the job does not
* decide them. Throws plan/\u2026.
*/
async function settleJob(plan, board) {
	const { chip } = board;
	const flashSizeBytes = board.view.lengthBytes;
	const view = remembering(board.view);
	const ofJob = tableOfJob(plan.images);
	const ofBoard = plan.unplaced.length > 0 || plan.preserve.length > 0 || ofJob === void 0 ? await boardTable(view) : void 0;
	const images = applySettings(placeAll(plan, ofJob?.partitions ?? ofBoard), plan.settings, {
		chip,
		flashSizeBytes
	});
	const preserved = preservedPartitions({
		...plan,
		images
	}, {
		ofJob: ofJob?.partitions,
		ofBoard
	});
	const gaps = plan.keepGaps ? images.flatMap(gapsOf) : [];
	const tableIsKept = ofBoard !== void 0 && keepsTable(plan, ofJob, images);
	const keep = [
		...preserved.map(sectorsOf),
		...gaps,
		...tableIsKept ? [TABLE_SECTOR] : []
	];
	checkWritable({
		...plan,
		images
	}, keep);
	const apart = {
		...plan,
		images,
		unplaced: [],
		keep
	};
	const declared = await declaredBy(finalView(view, apart), apart, chip);
	const table = tableAfter(plan, ofJob, ofBoard, tableIsKept);
	checkLayout(apart, {
		flashSizeBytes,
		...declared === void 0 ? {} : { declared },
		...table === void 0 ? {} : { table }
	});
	return {
		job: {
			...apart,
			images: combineOverlaps(images)
		},
		flashBytes: Math.max(Math.min(flashSizeBytes, addressableBytes(chip, board.loader)), ...images.map((image) => alignUp(image.offset + image.bytes.length, SECTOR_BYTES))),
		preserved: preserved.map((partition) => partition.name),
		keepsTable: tableIsKept,
		keepsOtaData: (table?.partitions ?? []).some((row) => isOtaData(row) && gaps.some((gap) => overlaps(gap, row)))
	};
}
// src/flash/guard-board.ts
/** What the board holds; a flash that cannot be read counts as blank. */
function viewOf(board, flashBytes = board.flash.sizeBytes) {
	const { access } = board.flash;
	if (!access.reads) return {
		lengthBytes: flashBytes,
		read: (_offset, lengthBytes) => Promise.resolve(new Uint8Array(lengthBytes).fill(255))
	};
	return {
		lengthBytes: flashBytes,
		read: (offset, lengthBytes) => access.read(offset, lengthBytes)
	};
}
function checkBlind(job, chip) {
	const message = `The ROM of this ${chip.label} does not compare what it wrote, so nothing could be verified.`;
	refuse(job, "unverified", message);
	if (job.erase !== "none") return;
	throw new FlashError("chip/unsupported", `\`erase: none\` needs to know what is blank, and the ROM of this ${chip.label} does not compare.`);
}
/** The guards that come before anything is read: security, and images against chip and flash. */
function checkIdentity(board, job) {
	const { chip, identity, security, loader } = board.device;
	checkSecurity(security, job, chip);
	if (!board.flash.access.verifies) checkBlind(job, chip);
	const known = {
		chip,
		loader,
		flashSizeBytes: board.flash.sizeBytes
	};
	checkImages(job, security.secureDownload ? known : {
		...known,
		revision: identity.revision
	});
}
/** Refuses what only the board's table could answer, where that cannot be read. */
function checkReadable({ device, flash }, plan) {
	if (flash.access.reads) return;
	const why = `the partition table of this ${device.chip.label} cannot be read.`;
	const [image] = plan.unplaced;
	if (image !== void 0) {
		const message = `${image.name} shall go to the partition ${image.partition}, but ${why}`;
		throw new FlashError("plan/no-partition", message, {
			image: image.name,
			partition: image.partition
		});
	}
	const [partition] = plan.blankPartitions ?? [];
	if (partition !== void 0) {
		const message = `The partition ${partition} shall be erased, but ${why}`;
		throw new FlashError("plan/no-partition", message, { partition });
	}
	if (plan.preserve.length > 0) refuse(plan, "preserve", `Whether ${plan.preserve.join(", ")} can be preserved is unknown: ${why}`);
}
/** Lets the board answer what the plan left open; see `settleJob`. */
async function settleOnBoard(board, plan) {
	const { chip, loader } = board.device;
	checkReadable(board, plan);
	return settleJob(plan, {
		view: viewOf(board),
		chip,
		loader
	});
}
/** Enough of the flash to hold a piece of a bootloader, wherever the chip has it. */
const PROBE_BYTES = 65536;
/**
* Where the job allows to go beyond what the flash or the loader reaches, the loader is told of more. Addresses that
* wrap around are refused whatever the job allows (plan/out-of-range): the bootloader would be overwritten, and every
* MD5 would still fit.
*/
async function widenFlash({ device, flash }, flashBytes, clock) {
	const { connection, chip, loader } = device;
	const reachBytes = Math.min(flash.sizeBytes, addressableBytes(chip, loader));
	if (flashBytes <= reachBytes) return;
	if (loader === "stub" || chip.romDialect.setsFlashSize) await connection.request(spiSetParams(Math.max(flashBytes, reachBytes + PROBE_BYTES)));
	if (!flash.access.verifies) return;
	const start = await flash.access.md5(0, PROBE_BYTES);
	if (start === await md5OfBlank(PROBE_BYTES, clock) || start !== await flash.access.md5(reachBytes, PROBE_BYTES)) return;
	throw new FlashError("plan/out-of-range", `Behind ${formatBytes(reachBytes)} the flash of this board begins anew: what is written there would overwrite its start.`, { reachBytes });
}
/**
* What an earlier run left half done has to be erased, and beyond what the loader reaches that would wrap around to other
* data (plan/above-16mib).
*/
function checkSuspects(suspects, flashBytes) {
	const beyond = suspects.find(({ offset, lengthBytes }) => offset + lengthBytes > flashBytes);
	if (beyond === void 0) return;
	const where = hex32(beyond.offset);
	const message = `An earlier run left ${where} half done, which lies above the ${formatBytes(flashBytes)} that this job reaches.`;
	throw new FlashError("plan/above-16mib", message, {
		offset: where,
		flashBytes
	});
}
/** The last guard before the first comparison: what would start afterwards. */
async function checkStart(board, { job, flashBytes }) {
	if (!board.flash.access.reads && job.erase !== "all") return;
	await checkBootable(viewOf(board, flashBytes), job, board.device.chip);
}
function intersection(a, b) {
	const offset = Math.max(a.offset, b.offset);
	return {
		offset,
		lengthBytes: Math.min(a.offset + a.lengthBytes, b.offset + b.lengthBytes) - offset
	};
}
/** Whether the partition holds data that the job does not leave as it is. The chip compares: nothing is read. */
async function losesData(board, { job, flashBytes }, partition, clock) {
	const { access } = board.flash;
	const after = finalView(viewOf(board, flashBytes), job);
	for (const range of decidedRanges(job, flashBytes).filter((decided) => overlaps(decided, partition))) {
		const { offset, lengthBytes } = intersection(range, partition);
		const held = await access.md5(offset, lengthBytes);
		if (held === await md5OfBlank(lengthBytes, clock)) continue;
		if (held !== await md5Of(await after.read(offset, lengthBytes), clock)) return true;
	}
	return false;
}
/**
* Names the partitions of the board's table that lose data, and refuses (plan/data-loss) where those data cannot be made
* again. Asks nothing of a board on which all that changes is blank.
*/
async function checkLosses(board, settled, changing, clock) {
	const changed = changing.filter((piece) => piece.state !== "blank");
	if (changed.length === 0 || !board.flash.access.verifies) return [];
	const tablePlace = {
		offset: PARTITION_TABLE_OFFSET,
		lengthBytes: SECTOR_BYTES
	};
	if (changing.some((piece) => piece.state === "blank" && overlaps(piece, tablePlace))) return [];
	const table = await readTable(viewOf(board), PARTITION_TABLE_OFFSET);
	if (typeof table === "string") return [];
	const reached = table.filter((partition) => changed.some((piece) => overlaps(piece, partition)));
	const losing = [];
	for (const partition of reached) if (isAppPartition(partition) || await losesData(board, settled, partition, clock)) losing.push(partition);
	const lost = partitionsLosingData(table, settled.job, losing);
	checkDataLoss(lost, settled.job);
	return lost.map((partition) => partition.name);
}
// src/flash/verify.ts
/** What the chip answered when the comparison found every range as desired. */
async function digestsFound(ranges, clock) {
	const digests = /* @__PURE__ */ new Map();
	for (const range of ranges) digests.set(range, await desiredDigest(range, clock));
	return digests;
}
/** The chip's MD5 of every planned range must be the plan's. `verify/mismatch` names the range that is not. */
async function verify(access, ranges, clock) {
	const digests = /* @__PURE__ */ new Map();
	for (const range of ranges) {
		const { held, desired: expected } = await askDigests(access, range, clock);
		if (held !== expected) {
			const what = held === await md5OfBlank(range.lengthBytes, clock) ? "is blank" : `has the MD5 ${held}`;
			const where = `${formatBytes(range.lengthBytes)} at ${hex32(range.offset)}`;
			throw new FlashError("verify/mismatch", `The flash ${what} where ${where} should have ${expected}.`, {
				offset: hex32(range.offset),
				expected,
				held
			});
		}
		digests.set(range, held);
	}
	return digests;
}
/**
* The last question to the chip: are its MD5s the plan's? Throws verify/mismatch. A loader that cannot answer gives no
* digests.
*/
async function verifyRanges(access, ranges, { clock, progress }) {
	if (!access.verifies) {
		progress.message("warning", "Nothing was verified: this loader does not compare what it wrote.");
		return /* @__PURE__ */ new Map();
	}
	return progress.phase("verify", async () => {
		const held = await verify(access, ranges, clock);
		progress.verified();
		return held;
	});
}
// src/flash/reconcile.ts
function boardCosts({ device }) {
	const { transport, quickestAnswerMs } = device.connection;
	const hasRate = transport.capabilities.baudRate && !isEspressifUsb(transport);
	return costsOf({
		loader: device.loader,
		baud: hasRate ? device.baud : void 0,
		quickestAnswerMs
	});
}
/** Asks the chip what it holds, and counts what is in place. */
async function compare({ flash }, ranges, options, state, deps) {
	const pieces = await compareFlash(flash.access, ranges, {
		...options,
		clock: deps.clock
	});
	const inPlace = sumBytes(ranges) - sumBytes(differing(pieces));
	state.everInPlace = Math.max(state.everInPlace, inPlace);
	deps.progress.message("info", `In place: ${formatBytes(inPlace)} of ${formatBytes(sumBytes(ranges))}.`);
	return pieces;
}
const erasedWithWrites = (writes) => writes.flatMap(({ behind, beside }) => [behind, beside].flatMap((range) => range ?? []));
function workBytes({ erases, writes }) {
	return sumBytes(erases) + sumBytes(writes) + sumBytes(erasedWithWrites(writes));
}
/** Erases and writes, with a note on the runner of what may be cut short at each moment. */
async function change(board, job, plan, state, deps) {
	const { progress, journal, clock } = deps;
	const { access } = board.flash;
	const { mac } = board.device.identity;
	const { work, suspects, pace } = plan;
	const total = workBytes(work);
	const pending = new Set(work.erases.filter((range) => suspects.some((suspect) => overlaps(suspect, range))));
	journal.open(mac, [
		...work.erases,
		...work.writes.map(sectorsOf),
		...erasedWithWrites(work.writes)
	], suspects);
	state.changed = true;
	const writtenBefore = state.bytesWritten;
	let erasedBytes = 0;
	let writtenBytes = 0;
	const hooks = {
		underWay: (ranges) => journal.mark(mac, [.../* @__PURE__ */ new Set([...pending, ...ranges])]),
		erased(range) {
			pending.delete(range);
			erasedBytes += range.lengthBytes;
			state.bytesErased += range.lengthBytes;
			progress.done(erasedBytes + writtenBytes, total);
		},
		written(doneBytes) {
			writtenBytes = doneBytes;
			state.bytesWritten = writtenBefore + doneBytes;
			progress.done(erasedBytes + writtenBytes, total);
		}
	};
	const options = {
		compress: job.compress && access.inflates,
		prepared: deps.prepared,
		pace
	};
	const [firstRun] = work.writes;
	const first = firstRun && streamOf(access, firstRun, options, clock);
	first?.catch(() => void 0);
	if (work.erases.length > 0) await progress.phase("erase", () => applyErases(access, work, hooks));
	if (first !== void 0) await progress.phase("write", () => applyWrites(access, work, {
		...options,
		first
	}, clock, hooks));
}
function imageResult(image, ranges, changing, digests) {
	const { name, sha256, offset } = image;
	const lengthBytes = image.bytes.length;
	const own = ranges.filter((range) => range.image === image);
	const inImage = changing.filter((piece) => own.some((range) => overlaps(range, piece)));
	const writtenBytes = Math.min(sumBytes(inImage), lengthBytes);
	const leftOutBytes = sumBytes(subtract(rangeOf(image), own));
	const [range] = own;
	const md5 = leftOutBytes === 0 && range !== void 0 ? digests.get(range) : void 0;
	const result = {
		name,
		sha256,
		offset,
		lengthBytes,
		writtenBytes,
		leftOutBytes
	};
	return md5 === void 0 ? result : {
		...result,
		md5
	};
}
/**
* One try: guards, comparison, change, verification. On the way it updates `state`, which outlives a failed try.
*/
async function reconcile(board, plan, state, deps) {
	const { device, flash } = board;
	const { clock, progress } = deps;
	const { access } = flash;
	const { mac } = device.identity;
	const journal = device.security.secureDownload ? noJournal : deps.journal;
	checkAfter(plan);
	checkIdentity(board, plan);
	state.settled ??= await settleOnBoard(board, plan);
	const { settled } = state;
	const { job, flashBytes } = settled;
	checkIdentity(board, job);
	await widenFlash(board, flashBytes, clock);
	await checkStart(board, settled);
	if (flashBytes < flash.sizeBytes) progress.message("warning", `The loader reaches ${formatBytes(flashBytes)} of ${formatBytes(flash.sizeBytes)}: what lies above stays as it is.`);
	if (settled.keepsTable) progress.message("info", "The board's partition table stays, as the job goes by it and brings none.");
	if (settled.keepsOtaData) progress.message("warning", "The OTA data are a gap of the image and are kept: an older app may go on to start.");
	progress.startPhase("compare");
	const suspects = journal.suspects(mac);
	checkSuspects(suspects, flashBytes);
	if (suspects.length > 0) {
		const anew = `${formatBytes(sumBytes(suspects))} are erased anew.`;
		state.resumed ||= !state.changed;
		if (state.changed) progress.message("info", `The try before did not end: ${anew}`);
		else progress.message("warning", `An earlier run on this board did not end: ${anew}`);
	}
	const torn = suspects.find((suspect) => job.keep.some((kept) => overlaps(suspect, kept)));
	if (torn !== void 0) refuse(job, "preserve", `What shall be kept at ${hex32(torn.offset)} was left half done by an earlier run.`);
	const ranges = desiredRanges(job, flashBytes);
	const costs = boardCosts(board);
	const proof = state.everInPlace < 0 && job.erase !== "none" ? "samples" : "all";
	const compared = access.verifies ? await compare(board, ranges, {
		suspects,
		costs,
		proof
	}, state, deps) : unknownPieces(ranges);
	const extraErases = suspects.flatMap((suspect) => subtract(suspect, ranges.map(sectorsOf)));
	const found = job.erase === "none" ? await withoutErase(access, compared, extraErases, clock) : compared;
	const pieces = job.rewrite === true ? found.map((piece) => ({
		...piece,
		state: "suspect"
	})) : found;
	const changing = differing(pieces);
	state.atStart ??= changing;
	const atStart = state.atStart;
	const losing = await checkLosses(board, settled, differing(found), clock);
	if (losing.length > 0 && state.lostPartitions.length === 0) {
		state.lostPartitions = losing;
		progress.message("warning", `Partitions of this board that lose their data: ${losing.join(", ")}.`);
	}
	const stretches = job.compress && access.erasesAhead ? stretchesBehindWrites(pieces) : [];
	const limits = {
		flashBytes,
		keep: job.keep,
		others: stretches
	};
	const blocks = job.erase === "none" ? [] : await wholeBlocks(access, pieces, limits, {
		costs,
		clock
	});
	progress.endPhase();
	const work = planWork(pieces, {
		noted: extraErases,
		blocks,
		stretches,
		byWindow: access.erasesAhead && job.compress && flashHoldsUpWire(costs),
		...access.erasesBeside ? { besideCosts: costs } : {}
	});
	const nothingToDo = workBytes(work) === 0;
	const app = flashedApp(job.images);
	const known = {
		...boardFacts(board),
		bytesInPlace: sumBytes(ranges) - sumBytes(atStart),
		bytesToChange: sumBytes(atStart),
		...app === void 0 ? {} : { app },
		lostPartitions: state.lostPartitions,
		preservedPartitions: settled.preserved,
		resumed: state.resumed,
		dryRun: job.dryRun
	};
	if (job.dryRun) return {
		...known,
		images: job.images.map((image) => imageResult(image, ranges, atStart, /* @__PURE__ */ new Map())),
		bytesWritten: 0,
		bytesErased: 0,
		skipped: nothingToDo,
		verified: nothingToDo
	};
	const pace = access.erasesAhead ? writePace(costs) : void 0;
	if (!nothingToDo) await change(board, job, {
		work,
		suspects,
		pace
	}, state, {
		...deps,
		journal
	});
	const digests = nothingToDo ? await digestsFound(ranges, clock) : await verifyRanges(access, ranges, deps);
	journal.clear(mac);
	return {
		...known,
		images: job.images.map((image) => imageResult(image, ranges, atStart, digests)),
		bytesWritten: state.bytesWritten,
		bytesErased: state.bytesErased,
		skipped: !state.changed,
		verified: access.verifies
	};
}
// src/flash/flash-device.ts
/**
* Brings the board behind `transport` into the desired state of its job and proves it. Rejects with a `FlashError`; the
* lines are idle then, and a board that was not changed runs its firmware again. Does not close the transport.
*/
async function flashDevice(transport, plan, deps) {
	const { journal, clock, prepare = (job) => prepareForms(job, deps) } = deps;
	const { bauds } = journal;
	const state = {
		everInPlace: -1,
		atStart: void 0,
		changed: false,
		resumed: false,
		settled: void 0,
		lostPartitions: [],
		bytesWritten: 0,
		bytesErased: 0
	};
	const begin = (job) => ({
		job,
		prepared: prepare(job)
	});
	const [wish, choose] = "choose" in plan ? [plan.wish, plan.choose] : [plan, () => plan];
	let current = "choose" in plan ? void 0 : begin(plan);
	try {
		return await workOnBoard(transport, wish, {
			...deps,
			...bauds && { bauds }
		}, {
			attempt(board, progress) {
				const { chip, identity } = board.device;
				current ??= begin(choose({
					chip: chip.name,
					mac: identity.mac
				}));
				const { job, prepared } = current;
				return reconcile(board, job, state, {
					clock,
					progress,
					journal,
					prepared
				});
			},
			furthestBytes: () => state.everInPlace,
			changed: () => state.changed
		});
	} finally {
		current?.prepared.stop();
	}
}
export { shareForms as n, blankImage as r, flashDevice as t };
