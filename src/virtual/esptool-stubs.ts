import type { KnownStub } from "./known-stubs.js";

/** What esptool v5.3.1 uploads to all chips but the ESP32: `targets/stub_flasher/2` of that tag. */
export const esptoolStubs = {
  esp8266: {
    entry: 0x4010c504,
    segments: [
      {
        address: 0x4010c500,
        lengthBytes: 13740,
        sha256: "3d315cf8155a78db13e4ef90e26b2dc3fd95d7762e1102cdfb663d8f7a7c44d5",
      },
      {
        address: 0x3fffae68,
        lengthBytes: 932,
        sha256: "845e14e0a70495b6ff68b167372d03e9c5f6f03af41780401bca05cba6ed6da3",
      },
    ],
  },
  esp32s2: {
    entry: 0x40029144,
    segments: [
      {
        address: 0x40028000,
        lengthBytes: 6724,
        sha256: "1e7edee974ecae1194882eff73d7b230e89c9db126e2a527ee628f9347b3a7d6",
      },
      {
        address: 0x3ffe2dbc,
        lengthBytes: 212,
        sha256: "4edbc8d4717f42d535499ec5ea0c9bc683ae308fdf7df62f2b03c12c10a9d201",
      },
    ],
  },
  esp32s3: {
    entry: 0x40379474,
    segments: [
      {
        address: 0x40378000,
        lengthBytes: 7644,
        sha256: "d0f85e42389e8f5fba03e47444d9fab43e59c2dcd6649059fb22ab69c54f5cdd",
      },
      {
        address: 0x3fcb2dbc,
        lengthBytes: 264,
        sha256: "2e3e3dfd8d7e9f7f9571618b4a1b8b116652a75715f819f46d21d9f481daba28",
      },
    ],
  },
  esp32c2: {
    entry: 0x4038105c,
    segments: [
      {
        address: 0x40380000,
        lengthBytes: 6024,
        sha256: "12f93e18aab1ec721f5147fb8446f70d468d536692098c0c923328d3c9a6df44",
      },
      {
        address: 0x3fcb6d6c,
        lengthBytes: 204,
        sha256: "56a69e47df42742df3f3754d29ce173a704ffefdebbbf7862439c7a227b3e75e",
      },
    ],
  },
  esp32c3: {
    entry: 0x40380f2e,
    segments: [
      {
        address: 0x40380000,
        lengthBytes: 6024,
        sha256: "3197a9e051fd53da0fe3e39d9aded139e5386f50edfc8af998382b065a173c35",
      },
      {
        address: 0x3fc96d68,
        lengthBytes: 204,
        sha256: "9f848281b7d29982bcc8a7a86feba6ff47dc4a0ee1ca433b99f8d0071a42e3ff",
      },
    ],
  },
  esp32c5: {
    entry: 0x408014ee,
    segments: [
      {
        address: 0x40800000,
        lengthBytes: 7784,
        sha256: "c9d36e0d4b45d0d2b45cc33f4e31a460f78cd42a6294a6992ffcfa4cd14f732d",
      },
      {
        address: 0x40852f0c,
        lengthBytes: 216,
        sha256: "c9234b622b19012a1a81c338b8758fcc7a509a3b44b2df6cf0b09e27b5d5fd2a",
      },
    ],
  },
  esp32c6: {
    entry: 0x40801252,
    segments: [
      {
        address: 0x40800000,
        lengthBytes: 7052,
        sha256: "9d59894c5e83672666d0331f1358b9fde5614530ac65df22701fbf6817915804",
      },
      {
        address: 0x40852f0c,
        lengthBytes: 216,
        sha256: "5706ac2aab6809c0f71f36c55292b5d20d28c7484d8a6b65ddf51df8e4c0e465",
      },
    ],
  },
  esp32c61: {
    entry: 0x4080104e,
    segments: [
      {
        address: 0x40800000,
        lengthBytes: 6312,
        sha256: "7dafaaff511076ecf86fd67a323ea393c8c51ab4f95cda503a0f9c522c123ea5",
      },
      {
        address: 0x40816d68,
        lengthBytes: 204,
        sha256: "6d79266da2efbbbb29459d089ab31025ff563a8067ae4caeb0468ba5414abf1b",
      },
    ],
  },
  esp32h2: {
    entry: 0x40800f26,
    segments: [
      {
        address: 0x40800000,
        lengthBytes: 6012,
        sha256: "247846ab01cd5d2039b266ceaafaff27ac9911160adc4b2f4b062ead729b6034",
      },
      {
        address: 0x40842d68,
        lengthBytes: 204,
        sha256: "033cb1fa040a6b2802fd938275644dd9181a65478270a2a3227d2ee1fffada40",
      },
    ],
  },
  esp32h4: {
    entry: 0x40810f26,
    segments: [
      {
        address: 0x40810000,
        lengthBytes: 6032,
        sha256: "236e2c417a718e3d5f6a8a88c044f43fb013a1ea7e1466098aea05e308e8618a",
      },
      {
        address: 0x40842d68,
        lengthBytes: 204,
        sha256: "e7bdfdad26ec4d1b690ca8671a8dc9f9d0746100deea069b045bdf7580bc639f",
      },
    ],
  },
  esp32p4: {
    entry: 0x4ff5130e,
    segments: [
      {
        address: 0x4ff50000,
        lengthBytes: 7308,
        sha256: "994233fd1966e1c3175445bebf5c6c6f2862d77b22ce7451466e0f5dc36b1f9b",
      },
      {
        address: 0x4ff72db8,
        lengthBytes: 204,
        sha256: "98a7b54f3a6a5c3f23f4d7235384941a483aff64861bb4d3720c0d0e2d9ba3fa",
      },
    ],
  },
  "esp32p4-rev1": {
    entry: 0x4ff1130e,
    segments: [
      {
        address: 0x4ff10000,
        lengthBytes: 7308,
        sha256: "56e571c4cd05ab2ae0859fe0e93398855f6710141b289b9bed0db3bd74b9cc6e",
      },
      {
        address: 0x4ff62db8,
        lengthBytes: 204,
        sha256: "688ff16096f5b6f6702b2e1d938d2a7b38e1366fedddd7b455c4c9ec9dde48f0",
      },
    ],
  },
  esp32s31: {
    entry: 0x2f001fd0,
    segments: [
      {
        address: 0x2f001000,
        lengthBytes: 6404,
        sha256: "583fedef1d13cb8432d701c41cb5094cc4874788c5eee99fdcbce5b9f639f329",
      },
      {
        address: 0x2f01cdb8,
        lengthBytes: 204,
        sha256: "a33d71a18ecde6802bf99cf68385037c44d7cff8253b54e8f9c2632f8e0e4eb9",
      },
    ],
  },
} as const satisfies Record<string, KnownStub>;
