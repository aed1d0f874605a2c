import type { Colour } from "./colour.ts";
import type { Time } from "./scene.ts";

/** The colours of the air and of what it colours. */
export interface Light {
  /** From the zenith down to the horizon. */
  readonly sky: readonly [Colour, Colour, Colour, Colour];
  /** The disc of the sun or the moon. */
  readonly disc: Colour;
  readonly glow: Colour;
  readonly cloud: Colour;
  /** What lies on the horizon, and what stands before us in the shade. */
  readonly far: Colour;
  readonly near: Colour;
  /** At the horizon, and at our feet. */
  readonly water: readonly [Colour, Colour];
  /** The light that lies over everything, and how strongly, 0…1. */
  readonly ambient: Colour;
  readonly strength: number;
}

type Lights = readonly [Light, ...Light[]];

/** The light of each hour, in several moods. */
export const lights: Record<Time, Lights> = {
  day: [
    {
      sky: ["#3d8fd4", "#79bdec", "#c2e4f2", "#fdf1d8"],
      disc: "#fff6cf",
      glow: "#fff0b8",
      cloud: "#ffffff",
      far: "#a3c9dc",
      near: "#1f5560",
      water: ["#a7dbe6", "#2a7fa6"],
      ambient: "#fff1d0",
      strength: 0.04,
    },
    {
      sky: ["#4aabc0", "#8fd1d3", "#d0eddf", "#fff3d6"],
      disc: "#fff8dc",
      glow: "#fff3c4",
      cloud: "#ffffff",
      far: "#a3d0c9",
      near: "#1f5a58",
      water: ["#b5e4da", "#2b8c95"],
      ambient: "#f6ffe0",
      strength: 0.05,
    },
    {
      sky: ["#6697de", "#a2c0f2", "#dadff7", "#fff0e0"],
      disc: "#fffbe6",
      glow: "#fff2d0",
      cloud: "#ffffff",
      far: "#b0bce0",
      near: "#2f4a7a",
      water: ["#c3d4f2", "#4a77b8"],
      ambient: "#eef0ff",
      strength: 0.06,
    },
  ],
  dawn: [
    {
      sky: ["#6484bd", "#aaaed6", "#f4bfc0", "#ffe8c6"],
      disc: "#fff6da",
      glow: "#ffe3b0",
      cloud: "#fde3dd",
      far: "#c0abc6",
      near: "#38466e",
      water: ["#fbd6c4", "#6a80b0"],
      ambient: "#8a74a8",
      strength: 0.16,
    },
    {
      sky: ["#5fa0b5", "#a9cfc9", "#f8dcc0", "#fff3d6"],
      disc: "#fffae6",
      glow: "#ffeec4",
      cloud: "#fff3ea",
      far: "#aac4c0",
      near: "#2b5260",
      water: ["#f6e0c8", "#5a98a6"],
      ambient: "#7aa0a0",
      strength: 0.12,
    },
  ],
  sunset: [
    {
      sky: ["#34285f", "#8a4680", "#ea6f6a", "#ffc873"],
      disc: "#fff1bd",
      glow: "#ffd27a",
      cloud: "#f08f8a",
      far: "#c8697c",
      near: "#2a1838",
      water: ["#ffb978", "#5a3266"],
      ambient: "#6a2a55",
      strength: 0.26,
    },
    {
      sky: ["#4b3f83", "#c0627f", "#f6946c", "#ffdb9a"],
      disc: "#fff6d2",
      glow: "#ffe09a",
      cloud: "#ffb49a",
      far: "#dc8a83",
      near: "#33203f",
      water: ["#ffc48c", "#6a4478"],
      ambient: "#7a3a5a",
      strength: 0.22,
    },
    {
      sky: ["#b8483f", "#ea7f47", "#f9b262", "#ffe6a6"],
      disc: "#fff7d6",
      glow: "#ffe8a0",
      cloud: "#ffd29a",
      far: "#dc8458",
      near: "#3a1a2a",
      water: ["#ffd08a", "#a04a42"],
      ambient: "#8a3a34",
      strength: 0.22,
    },
    {
      sky: ["#24506b", "#7a94a0", "#f2a78c", "#ffdcaa"],
      disc: "#fff4d4",
      glow: "#ffd9a0",
      cloud: "#f7c4ae",
      far: "#a78f94",
      near: "#16303f",
      water: ["#fbc49c", "#2f5f78"],
      ambient: "#4a4a6a",
      strength: 0.22,
    },
  ],
  dusk: [
    {
      sky: ["#151d4a", "#35408e", "#8a6fb4", "#f0a9a4"],
      disc: "#fdf0d8",
      glow: "#ffd0b0",
      cloud: "#8f7fc0",
      far: "#7a6aa6",
      near: "#12143a",
      water: ["#d99cae", "#22286a"],
      ambient: "#2a2566",
      strength: 0.36,
    },
    {
      sky: ["#122b46", "#2f5f7c", "#86a6a8", "#f6cc9e"],
      disc: "#fff2dc",
      glow: "#ffdcae",
      cloud: "#86a4b0",
      far: "#6a8a98",
      near: "#0d2233",
      water: ["#e0c4a4", "#1d4a63"],
      ambient: "#1d3a5a",
      strength: 0.34,
    },
  ],
  night: [
    {
      sky: ["#0a1030", "#172659", "#31508f", "#6f8fbf"],
      disc: "#fdf6dc",
      glow: "#dfe6ff",
      cloud: "#4a659f",
      far: "#4a68a0",
      near: "#070c24",
      water: ["#5f82b8", "#0e1a45"],
      ambient: "#1a2668",
      strength: 0.4,
    },
    {
      sky: ["#08182a", "#12384f", "#2b6474", "#74a8a0"],
      disc: "#fbf8e0",
      glow: "#d8f2e6",
      cloud: "#4a7f88",
      far: "#4a8288",
      near: "#04121c",
      water: ["#6aa39e", "#0b2c40"],
      ambient: "#0f3a50",
      strength: 0.4,
    },
    {
      sky: ["#140d33", "#30215f", "#5f3f8c", "#b07aa8"],
      disc: "#fff3e0",
      glow: "#f6dcf0",
      cloud: "#6a4f9a",
      far: "#72509a",
      near: "#0c0722",
      water: ["#a376a8", "#1f1550"],
      ambient: "#2a1a60",
      strength: 0.4,
    },
  ],
};

/** Paper and ink, by day and by night. */
export const ink: Record<"light" | "dark", Light> = {
  light: {
    sky: ["#dcd6c8", "#e9e4d8", "#f2eee4", "#f8f5ed"],
    disc: "#cf4a36",
    glow: "#f3d9c8",
    cloud: "#fbf9f3",
    far: "#cfcfca",
    near: "#26292d",
    water: ["#eeebe2", "#bdbfbc"],
    ambient: "#8f8f8c",
    strength: 0.12,
  },
  dark: {
    sky: ["#3a3d42", "#5a5d61", "#8b8d8e", "#c2c1bb"],
    disc: "#f7f3e6",
    glow: "#e4e2da",
    cloud: "#84878a",
    far: "#909396",
    near: "#15171a",
    water: ["#b6b6b2", "#44474c"],
    ambient: "#3a3d44",
    strength: 0.25,
  },
};

/** The glow of a city of signs. */
export const neon: Lights = [
  {
    sky: ["#0d0628", "#2a0f57", "#7a1f86", "#ff4f9a"],
    disc: "#ffd76a",
    glow: "#ff7ac0",
    cloud: "#6a2a9a",
    far: "#7a2f9f",
    near: "#0a0720",
    water: ["#ff62aa", "#1a1250"],
    ambient: "#4a1a8a",
    strength: 0.34,
  },
  {
    sky: ["#050b26", "#0d2a5a", "#155a8f", "#2fd0d8"],
    disc: "#ff6ab0",
    glow: "#3fe0e8",
    cloud: "#1f5a9a",
    far: "#1f5f9a",
    near: "#050a1c",
    water: ["#37c8d8", "#0d1a4a"],
    ambient: "#12408a",
    strength: 0.36,
  },
];
