import type { KnownStub } from "./known-stubs.js";

/** Espressif's stubs beside the ESP32's, from npm esptool-js 0.7.0 `lib/targets/stub_flasher`. */
export const packagedStubs = {
  esp8266: {
    entry: 0x4010c504,
    segments: [
      {
        address: 0x4010c500,
        lengthBytes: 11456,
        sha256: "37c16091ff165ffe760353a8e92d07f55927e34d01fb5fc04c18b5525c13f8f6",
      },
      {
        address: 0x3fffae6c,
        lengthBytes: 920,
        sha256: "de5922ffd2c868b51c4eec1fb74459f31adb2975f7514459a91ac2ffed65f737",
      },
    ],
  },
  esp32s2: {
    entry: 0x400290a4,
    segments: [
      {
        address: 0x40028000,
        lengthBytes: 6600,
        sha256: "2f9d78912aabf158d013c6162becdd85967dd4794032012f3600228cddec5ef9",
      },
      {
        address: 0x3ffe2dc0,
        lengthBytes: 212,
        sha256: "bb9dd2ee4821aad523bc3cd52a150d69e560d30244c45b5aff3d19b06faf5d32",
      },
    ],
  },
  esp32s3: {
    entry: 0x40379524,
    segments: [
      {
        address: 0x40378000,
        lengthBytes: 7832,
        sha256: "c37a7d12d52633fd629fbed13f3a7418216af368d8e80f17853ce6de29741374",
      },
      {
        address: 0x3fcb2dc0,
        lengthBytes: 264,
        sha256: "75be8e20e5c91b2b92cd02be9abe2462436648780e4878ea173598c5ed14df93",
      },
    ],
  },
  esp32c2: {
    entry: 0x40380f90,
    segments: [
      {
        address: 0x40380000,
        lengthBytes: 5816,
        sha256: "69e484070942074e7af2d2c5ea5f90e97b619357d44484dfc84e1d89ae639c8b",
      },
      {
        address: 0x3fcb6d6c,
        lengthBytes: 204,
        sha256: "d00a26f5623c265cad0818c74cbe676508b7185acc949d547f36b774fb137ff4",
      },
    ],
  },
  esp32c3: {
    entry: 0x40380e9a,
    segments: [
      {
        address: 0x40380000,
        lengthBytes: 5880,
        sha256: "c06cc1a34a02d8f8755692cf89843b388978d19a255b0d9c26b10a0f41a90ffb",
      },
      {
        address: 0x3fc96d68,
        lengthBytes: 204,
        sha256: "2cb1bc0835895d6818c8c2c6a32dacd248f8b78b0cd0a8dc500c7f1c300ec979",
      },
    ],
  },
  esp32c5: {
    entry: 0x408015d2,
    segments: [
      {
        address: 0x40800000,
        lengthBytes: 8028,
        sha256: "c43fbce8a06d2c793ba657bced32a1af38a1eb5a1d5731eeeef4ee67b301139c",
      },
      {
        address: 0x40852f0c,
        lengthBytes: 216,
        sha256: "3bc5a23260d71427614863ae78c78c296c34c6161ece47377d512908947e8cf3",
      },
    ],
  },
  esp32c6: {
    entry: 0x408011bc,
    segments: [
      {
        address: 0x40800000,
        lengthBytes: 6900,
        sha256: "904a314959d712695b699b08873a428c2080e0ce6dc17ebf7657449ea84383d4",
      },
      {
        address: 0x40852f0c,
        lengthBytes: 216,
        sha256: "233537a626b36b1b635a0551ca2f0157fae5a31298db51661f24bd3177308d38",
      },
    ],
  },
  esp32c61: {
    entry: 0x40801130,
    segments: [
      {
        address: 0x40800000,
        lengthBytes: 6552,
        sha256: "85f086b45a996d6c2f8e8b7b28ab64db7d5541ef9d8ac2750ceebf13c51fedda",
      },
      {
        address: 0x40816d68,
        lengthBytes: 204,
        sha256: "b95bbacab04e4053c5df146234a3e0aadd6d959e236c7f0212534b950fab7a3d",
      },
    ],
  },
  esp32h2: {
    entry: 0x40800e92,
    segments: [
      {
        address: 0x40800000,
        lengthBytes: 5864,
        sha256: "a177fb52a62156a15f8959f70adacbf02d896c3593f814760b4008ec6df22ee9",
      },
      {
        address: 0x40842d68,
        lengthBytes: 204,
        sha256: "e240596b98aa14c23511905ca26dcdfed5a85eb4a9597dcbdcb3320aedac10a0",
      },
    ],
  },
  esp32h4: {
    entry: 0x40810e92,
    segments: [
      {
        address: 0x40810000,
        lengthBytes: 5884,
        sha256: "b4b50210e02e3d781f970e671779722ac886ad54b63977cc5ca7344ac7388f38",
      },
      {
        address: 0x40842d68,
        lengthBytes: 204,
        sha256: "654dde98d97a45fca789a4f9fa5b4891188b75aae72b6db1391ece0eb98c30db",
      },
    ],
  },
  esp32p4: {
    entry: 0x4ff51456,
    segments: [
      {
        address: 0x4ff50000,
        lengthBytes: 8176,
        sha256: "16b0c6e425c4ca8dce5a0cc52d1df35b3fc16aa1c6fa5a7512ff9ce1514bbf3d",
      },
      {
        address: 0x4ff72db8,
        lengthBytes: 204,
        sha256: "f53b0e3ffa63dd205f7cfabce9bdfe933477d2c64df7ab149852379b24af1af1",
      },
    ],
  },
  "esp32p4-rev1": {
    entry: 0x4ff11456,
    segments: [
      {
        address: 0x4ff10000,
        lengthBytes: 8176,
        sha256: "60a6e7036d578f1a7b5e4c78e0f2183643d9d30bb9bedb6f7c4b964a40957bdc",
      },
      {
        address: 0x4ff62db8,
        lengthBytes: 204,
        sha256: "4c4c467a1c65e6c296c96a66cdea31b8823616121d6027a64e63467d1ace5403",
      },
    ],
  },
  esp32s31: {
    entry: 0x2f00221e,
    segments: [
      {
        address: 0x2f001000,
        lengthBytes: 7144,
        sha256: "8dfb85163adc6666124bb8927bcce4f706f9698510584e20223ab92bb64770af",
      },
      {
        address: 0x2f01cdb8,
        lengthBytes: 204,
        sha256: "a235d548c7d53adf23799cb96c2b523fcdf7cc5f955f6a1ad681a8e1d92d8d2f",
      },
    ],
  },
} as const satisfies Record<string, KnownStub>;
