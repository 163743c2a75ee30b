/** What a code means and what to do about it. The README's table of errors is made from this one. */
interface ErrorEntry {
  readonly meaning: string;
  readonly hint: string;
}

/** Every error code of the project. A new error is a new row here. */
export const errorCatalogue = {
  "input/required": {
    meaning: "An input that the step needs is missing.",
    hint: "Set the input under `with:` in the workflow.",
  },
  "input/invalid": {
    meaning: "An input has a value that it does not take.",
    hint: "Use one of the values that the message names.",
  },
  "input/conflict": {
    meaning: "Two inputs contradict each other.",
    hint: "Drop one of the two that the message names.",
  },

  "firmware/not-found": {
    meaning: "There is no firmware file at the given path.",
    hint: "Check the path; it is relative to the workspace. Does the build step run before this one?",
  },
  "firmware/not-a-file": {
    meaning: "The firmware path is a directory or a device.",
    hint: "Name the image file itself.",
  },
  "firmware/unreadable": {
    meaning: "The firmware file cannot be read.",
    hint: "Give the user of the runner the right to read it.",
  },
  "firmware/empty": {
    meaning: "The firmware has no bytes.",
    hint: "Look at the step that makes or uploads it.",
  },
  "firmware/too-large": {
    meaning: "The firmware, or what is packed in it, is larger than any flash that these chips can address.",
    hint: "Check that the path or URL leads to the firmware and not to a disk image or an archive of something else.",
  },
  "firmware/unreachable": {
    meaning: "The firmware server could not be reached.",
    hint: "Check host name, network and proxy of the runner.",
  },
  "firmware/http-status": {
    meaning: "The firmware server answered with an error.",
    hint: "Open the URL by hand; 401 or 403 asks for credentials, 404 means that the file is not there.",
  },
  "firmware/redirect": {
    meaning: "The firmware server redirects too often, or to a place that is not allowed.",
    hint: "Use the final http or https URL of the file.",
  },
  "firmware/timeout": {
    meaning: "The firmware server stopped sending, or the download took too long.",
    hint: "Try again, or host the firmware nearer to the runner.",
  },
  "firmware/truncated": {
    meaning: "The download ended before all announced bytes had come.",
    hint: "Try again; if it stays, the server or a proxy cuts the file.",
  },
  "firmware/certificate": {
    meaning: "The certificate of the firmware server is not accepted.",
    hint: "Correct the host name, or give the runner the CA of your network in NODE_EXTRA_CA_CERTS.",
  },
  "firmware/encoding": {
    meaning: "The firmware server compresses the file in a way that cannot be undone.",
    hint: "Let the server send the file as it is (no Content-Encoding).",
  },
  "firmware/sha256": {
    meaning: "The firmware is not the one that `sha256` names.",
    hint: "Update `sha256` if the firmware was meant to change; otherwise find out who changed it.",
  },
  "firmware/html": {
    meaning: "What came is a web page, not firmware.",
    hint: "Use the direct (raw) URL of the file; a login page also ends here.",
  },
  "firmware/json": {
    meaning: "What came is a JSON document, neither firmware nor a layout.",
    hint: "An API answers with JSON on errors and for metadata: use the URL that delivers the file itself.",
  },
  "firmware/lfs-pointer": {
    meaning: "What came is a Git LFS pointer, not the file that it stands for.",
    hint: "Check out with `lfs: true`, or use the media URL of the file.",
  },

  "firmware/link": {
    meaning: "The path lies in the workspace, but a link leads out of it.",
    hint: "Name the file where it really is, by its whole path, if that is meant; otherwise find out who made the link.",
  },
  "firmware/layout": {
    meaning: "The layout (flasher_args.json, flash_args or manifest.json) cannot be used as it stands.",
    hint: "Let the build make it anew, or name the images one by one in `files`.",
  },
  "firmware/layout-path": {
    meaning: "The layout names a part outside the place that it came from.",
    hint: "Keep the parts beside or below the layout, or name the images one by one in `files`.",
  },
  "firmware/chip": {
    meaning: "The firmware is for another chip, or does not say for which of several.",
    hint: "Set `chip` to the chip of this board.",
  },
  "firmware/archive": {
    meaning: "The archive is damaged, unsafe, or of a kind that is not read.",
    hint: "Make it anew as a plain .zip or .tgz that holds files and folders only.",
  },
  "firmware/no-member": {
    meaning: "The archive does not hold what was asked for.",
    hint: "Name a file in it: `archive.zip#app.bin`.",
  },
  "firmware/release": {
    meaning: "The GitHub release or its asset was not found.",
    hint: "Check owner, repository, tag and asset; a private repository needs `token` with the right to read contents.",
  },

  "image/malformed": {
    meaning: "The firmware looks like an Espressif image, but its structure is broken.",
    hint: "Build it again; if it is not meant to be an image, give its `offset`.",
  },
  "image/truncated": {
    meaning: "The image ends before its last segment, checksum or digest.",
    hint: "The build or the upload was cut short: make the file again and compare its size.",
  },
  "image/checksum": {
    meaning: "The image's checksum does not fit its bytes: no boot loader would start it.",
    hint: "The file is damaged: build or download it again.",
  },
  "image/digest": {
    meaning: "The SHA-256 inside the image does not fit its bytes.",
    hint: "The file is damaged or was patched without renewing its digest: build or download it again.",
  },
  "image/elf": {
    meaning: "The ELF file is broken, or no image can be made of it.",
    hint: "Build it again, or flash the .bin that its build system makes; `chip` must be the one it was built for.",
  },
  "image/hex": {
    meaning: "The Intel HEX file is broken.",
    hint: "Make it again; the message has the line.",
  },
  "image/signed": {
    meaning: "The image is signed, so its flash settings cannot be changed.",
    hint: "Set mode, frequency and size in the project and sign it again, or leave them at `keep`.",
  },

  "plan/no-offset": {
    meaning: "The firmware does not prove where it belongs, and `offset` is not set.",
    hint: "Set `offset`. Usual: 0x1000 for an ESP32 bootloader or merged image, 0x8000 for a table, 0x10000 for an app.",
  },
  "plan/no-firmware": {
    meaning: "The step has no firmware for this board.",
    hint: "Add a line for its chip to `files`, an entry for the board to `firmware-map`, or `firmware-url` for all others.",
  },
  "plan/overlap": {
    meaning: "Two images want the same flash sectors.",
    hint: "Correct the offsets; sectors are 4096 bytes.",
  },
  "plan/out-of-range": {
    meaning: "The image does not fit the flash at this offset.",
    hint: "Lower the offset, use a smaller image, or check which board is at this port.",
  },
  "plan/alignment": {
    meaning: "The offset does not lie on a flash sector.",
    hint: "Use a multiple of 0x1000.",
  },
  "plan/would-not-boot": {
    meaning: "Afterwards the board would have no bootable bootloader, or its table would lead to no bootable app.",
    hint: "Use `erase: touched` to keep the rest of the flash, flash a merged image, or `allow: would-not-boot`.",
  },
  "plan/contradiction": {
    meaning: "Two images of the job contradict each other.",
    hint: "Leave out one of the two images that the message names.",
  },
  "plan/no-partition": {
    meaning: "An image names a partition that no table has.",
    hint: "Use one of the names that the message lists, an offset, or flash a partition table along.",
  },
  "plan/bootloader-offset": {
    meaning: "The bootloader lies where this chip never starts one.",
    hint: "Use the offset that the message names; it differs from chip to chip. `allow: bootloader-offset` keeps it.",
  },
  "plan/app-offset": {
    meaning: "The app lies where the partition table has no partition for an app begin.",
    hint: "Use one of the offsets that the message names, or `allow: app-offset`.",
  },
  "plan/app-too-large": {
    meaning: "The app is larger than its partition.",
    hint: "Make the app smaller, flash a table with a larger partition along, or `allow: app-too-large`.",
  },
  "plan/table-overlap": {
    meaning: "The partition table's partitions overlap each other, the bootloader or the table itself.",
    hint: "Correct the table; gen_esp32part.py checks it too. `allow: table-overlap` takes it as it is.",
  },
  "plan/table-beyond-flash": {
    meaning: "The partition table reaches beyond the flash, so the bootloader would refuse it.",
    hint: "Use a table for this flash size, or `allow: table-beyond-flash`.",
  },
  "plan/declared-size": {
    meaning: "An image lies beyond the flash size that the bootloader's header declares.",
    hint: "Set `flash-size: detect` or the right size, or `allow: declared-size`.",
  },
  "plan/flash-size": {
    meaning: "The bootloader's header declares more flash than the board has: the app would restart over and over.",
    hint: "Set `flash-size: detect`, build for the right size, or `allow: flash-size`.",
  },
  "plan/above-16mib": {
    meaning:
      "An image, or what an earlier run left half done, lies above 16 MiB, where this chip's loader cannot write.",
    hint: "Move it below; S3, P4, C5, C61 and S31 can with `stub: true`. `allow: above-16mib` tries it.",
  },
  "plan/preserve": {
    meaning: "A partition of `preserve` cannot be kept.",
    hint: "Drop it from `preserve`, or `allow: preserve` to keep only those that can be kept.",
  },
  "plan/unverified": {
    meaning: "The loader cannot compare what it wrote, so nothing could be verified.",
    hint: "Use `stub: true`, or `allow: unverified`; then the output `verified` is false.",
  },
  "plan/data-loss": {
    meaning: "The job would erase data that cannot be made again.",
    hint: "Use `erase: touched` to keep it, or `allow: data-loss` if it may go.",
  },
  "plan/not-blank": {
    meaning: "With `erase: none`, a sector that must change is not blank.",
    hint: "Use `erase: touched` or `erase: all`.",
  },

  "port/not-found": {
    meaning: "There is no such port.",
    hint: "Is the board plugged in and powered? In a container, pass the device with `--device` or mount /dev.",
  },
  "port/busy": {
    meaning: "Another process has the port open.",
    hint: "Stop the other job, monitor or ModemManager; `fuser -v <port>` names it.",
  },
  "port/permission": {
    meaning: "The user of the runner may not open the port.",
    hint: "Add the user to the group of the device (dialout or uucp) and start the runner again.",
  },
  "port/not-serial": {
    meaning: "The path is not a serial port.",
    hint: "Use the device of the board, such as /dev/ttyUSB0 or /dev/serial/by-id/….",
  },
  "port/open-failed": {
    meaning: "The port could not be opened.",
    hint: "The message has the system's own words.",
  },
  "port/lost": {
    meaning: "The link to the board broke during the job.",
    hint: "Check cable, hub and power; the next run goes on from what is in place.",
  },
  "port/no-lines": {
    meaning: "The port does not let DTR and RTS be set, so the board cannot be reset through it.",
    hint: "Put the board into download mode yourself and use `before: no-reset` and `after: no-reset`.",
  },
  "port/native-addon": {
    meaning: "The serial port's native part does not load on this machine.",
    hint: "It needs glibc ≥ 2.28 or musl, and libstdc++ (Alpine: `apk add libstdc++`).",
  },

  "port/power-cycle": {
    meaning: "The command that switches the board's power failed.",
    hint: "Run the command of `power-cycle` by hand as the user of the runner; hubs often need a udev rule for that.",
  },
  "port/ambiguous": {
    meaning: "`port` fits several boards.",
    hint: "Name one of the boards by its `location:`, `serial:`, `mac:` or path; the message lists what tells them apart.",
  },
  "port/same-board": {
    meaning: "Two ports that `port` leads to are one board, or lie on one USB device.",
    hint: "Drop one of the two that the message names; of a USB device with two ports, name one: `location:1-1.2:1.0`.",
  },
  "port/other-board": {
    meaning: "Another board is at the place of the one that the job works on.",
    hint: "Put the board back to its USB port, and start the job again when nobody changes plugs.",
  },

  "lock/timeout": {
    meaning: "Another job holds the board.",
    hint: "Wait for the job that the message names, or raise `lock-timeout`.",
  },
  "lock/unavailable": {
    meaning: "The lock that keeps other jobs from the board cannot be taken.",
    hint: "`lock-dir` must be a local folder that every runner's user may write; Linux needs the `flock` command (util-linux).",
  },

  "connect/silent": {
    meaning: "The board sent nothing at all.",
    hint: "Check power and cable, and that TX and RX are the board's. Is EN held low, or is it another device?",
  },
  "connect/brownout": {
    meaning: "The board's supply breaks down again and again, so it never gets as far as its loader.",
    hint: "Use a shorter cable, a powered hub or another supply; what hangs on the board may draw too much.",
  },
  "connect/run-mode": {
    meaning: "The board was reset but started its firmware instead of the loader.",
    hint: "IO0 did not go low: hold BOOT, or check the auto-reset circuit; `before: no-reset` if it is in the loader already.",
  },
  "connect/no-reply": {
    meaning: "The board is in download mode but does not answer.",
    hint: "The line from the host to the board (its RX) seems to be down.",
  },
  "connect/no-sync": {
    meaning: "The board sends bytes, but no loader answers.",
    hint: "Something else talks on this port, or at another baud rate; check port and wiring.",
  },
  "connect/not-reset": {
    meaning: "DTR and RTS do not reach the board's EN and IO0.",
    hint: "Wire them, or press EN with BOOT held; `before: no-reset` goes on with the stub that still runs.",
  },

  "chip/unknown": {
    meaning: "The chip is none that the step knows.",
    hint: "Update the action; the message has the chip's own numbers.",
  },
  "chip/mismatch": {
    meaning: "The board at this port has another chip than `chip` says.",
    hint: "Check which board is at this port, or correct `chip`.",
  },
  "chip/wrong-board": {
    meaning: "The board at this port does not have the MAC that `expect-mac` names.",
    hint: "Check which board is at this port, or let `port: mac:…` find the right one.",
  },
  "chip/image-mismatch": {
    meaning: "The image was built for another chip.",
    hint: "Build for the chip of this board, or choose the right board.",
  },
  "chip/revision": {
    meaning: "The image needs another revision of the chip.",
    hint: "Lower the minimum revision in the project's configuration, or use a newer board.",
  },
  "security/secure-boot-v1": {
    meaning: "The chip has Secure Boot V1, and the job would replace or erase its signed bootloader.",
    hint: "Flash apps only, with `erase: touched`. `allow: secure-boot-v1` risks a board that never starts again.",
  },
  "security/secure-boot-v2": {
    meaning: "The chip has Secure Boot V2, and the job would replace or erase its signed bootloader.",
    hint: "Flash apps only, with `erase: touched`. `allow: secure-boot-v2` if the images are signed with its key.",
  },
  "security/flash-encryption": {
    meaning: "The chip decrypts its flash, and the job would write in plain.",
    hint: "Use `allow: flash-encryption` if the images are encrypted for this chip already.",
  },
  "security/key-manager": {
    meaning: "The key manager holds the chip's flash key, and the job would write over its key data below 0x2000.",
    hint: "Leave what lies below 0x2000 alone, or `allow: key-manager`.",
  },
  "security/secure-download": {
    meaning: "The chip is in Secure Download Mode: it neither compares nor reads.",
    hint: "Use `erase: touched` and `allow: unverified`; then the output `verified` is false.",
  },
  "chip/unsupported": {
    meaning: "This chip cannot do what an input asks for.",
    hint: "Use another value for the input that the message names.",
  },
  "device/timeout": {
    meaning: "The chip did not answer in time.",
    hint: "Check cable and power; a lower `baud` helps on a noisy line.",
  },
  "device/bad-reply": {
    meaning: "The chip's answer does not have the form that it must have.",
    hint: "The line is noisy: check the cable, or set a lower `baud`.",
  },
  "device/rejected": {
    meaning: "The chip refused a command.",
    hint: "The message has the chip's reason.",
  },
  "device/checksum": {
    meaning: "A block arrived damaged at the chip.",
    hint: "The line is noisy: check the cable, or set a lower `baud`.",
  },
  "device/stub": {
    meaning: "The flasher stub did not start.",
    hint: "Try again; `stub: false` works with the chip's ROM alone, slower.",
  },
  "device/baud": {
    meaning: "The link does not work at the given baud rate.",
    hint: "Use `baud: auto`, or a lower rate.",
  },
  "device/flash-id": {
    meaning: "The chip cannot talk to its flash.",
    hint: "Check the module's power and strapping pins; a flash at 1.8 V needs the right VDD_SDIO setting.",
  },
  "verify/mismatch": {
    meaning: "After writing, the flash does not hold what it should.",
    hint: "Try again; if it stays, the flash chip or its supply is faulty.",
  },
  "boot/loop": {
    meaning: "After the reset, the board restarts over and over.",
    hint: "The message has the cause. Brownout: supply and cable. No bootloader or app: flash all parts. Watchdog: the log.",
  },
  "boot/panic": {
    meaning: "After the reset, the app crashed.",
    hint: "The first lines of the panic are in the log; with `elf`, addresses come with their functions.",
  },
  "boot/download-mode": {
    meaning: "After the reset, the chip waits for a download instead of starting the app.",
    hint: "IO0 (on some chips IO9, IO28 or IO35) is held low at reset: look at the button, the wiring and the other port.",
  },
  "boot/wrong-app": {
    meaning: "The board runs another app than the one that was flashed.",
    hint: "Flash the table and otadata too, or `erase: all`: the bootloader may choose another slot.",
  },
  "boot/silent": {
    meaning: "The console said nothing that could be read, although something was expected.",
    hint: "Check `console-port` and `console-baud`, and that the app writes to that console.",
  },
  "boot/expect": {
    meaning: "The app runs, but an expected line did not come in time.",
    hint: "Compare the pattern with the log, or raise `boot-timeout` (`listen-timeout` in `monitor`).",
  },
  "job/timeout": {
    meaning: "The step took longer than `timeout`.",
    hint: "Raise `timeout`, or find out what slowed the job: the log has the time of each phase.",
  },
  "job/cancelled": {
    meaning: "The workflow was cancelled.",
    hint: "The board may hold half of the firmware: the next run mends it.",
  },
  "job/fail-fast": {
    meaning: "With `fail-fast`, another board failed before this one was changed.",
    hint: "Nothing was changed here: mend the board that the message names, then run the job again.",
  },
  "job/state": {
    meaning: "The note about unfinished work on this board cannot be kept.",
    hint: "Check that RUNNER_TOOL_CACHE is writable and has room.",
  },
  "job/file": {
    meaning: "A file that the step makes cannot be written.",
    hint: "Name a path in the workspace that no link leads out of, and check that its disk has room.",
  },
  "internal/unexpected": {
    meaning: "Something happened that the step does not know.",
    hint: "Please report it with the log of a run with step debug logging on.",
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCatalogue;
