import { defineConfig } from "vite";

// Files of its own for everything: the gateway's policy lets no page hold scripts, styles or data: addresses of scripts.
export default defineConfig({
  base: "/app/",
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
