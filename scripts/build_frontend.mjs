// Fills static/vendor/ from node_modules/: Bootstrap compiled with our variables, the icons in use, charts, signature pad.
// Run by `npm run build`. Safe to repeat; writes nothing outside static/vendor/.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const target = join(root, "static", "vendor");
// Built beside the real folder and put in its place at the end: a page opened meanwhile never misses a file, and two builds at
// once do not write into each other.
const vendor = join(root, "static", `.vendor-${process.pid}`);

function css() {
  const result = sass.compile(join(root, "frontend/scss/base.scss"), {
    loadPaths: [modules, join(root, "frontend/scss")],
    style: "compressed",
    quietDeps: true,
    // Bootstrap 5 is still written with @import.
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  writeFileSync(join(vendor, "base.css"), result.css);
}

const COPIES = {
  // Line, bar, pie, scatter with legend and tooltip; the "simple" build has neither of the two.
  "echarts.min.js": "echarts/dist/echarts.common.min.js",
  "signature_pad.min.js": "signature_pad/dist/signature_pad.umd.min.js",
  "axe.min.js": "axe-core/axe.min.js",
};

function copies() {
  for (const [name, source] of Object.entries(COPIES)) {
    const text = readFileSync(join(modules, source), "utf8");
    // The maps are not copied, and collecting files for production stops at a reference to one that is missing.
    writeFileSync(join(vendor, name), text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"));
  }
}

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (/^(\.|node_modules$|static$|var$|staticfiles$|media$|__pycache__$)/.test(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.(html|py)$/.test(entry.name)) yield path;
  }
}

// The whole set is 1.1 MB. A page needs a few dozen icons: those whose name stands in quotes in a template or a
// Python file. A name that means something else as well costs a few hundred bytes and does no harm.
function icons() {
  const folder = join(modules, "bootstrap-icons", "icons");
  const known = new Set(readdirSync(folder).map((name) => name.replace(/\.svg$/, "")));
  const used = new Set();
  for (const path of [...sources(root)]) {
    for (const [, name] of readFileSync(path, "utf8").matchAll(/["']([a-z0-9-]+)["']/g)) {
      if (known.has(name)) used.add(name);
    }
  }
  const symbols = [...used].sort().map((name) => {
    const svg = readFileSync(join(folder, `${name}.svg`), "utf8");
    const inner = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 16 16">${inner}</symbol>`;
  });
  writeFileSync(join(vendor, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
  return symbols.length;
}

function putInPlace() {
  for (let tries = 5; ; tries -= 1) {
    rmSync(target, { recursive: true, force: true });
    try {
      renameSync(vendor, target);
      return;
    } catch (error) {
      // Another build was first between the two steps.
      if (tries === 0 || !["ENOTEMPTY", "EEXIST"].includes(error.code)) throw error;
    }
  }
}

rmSync(vendor, { recursive: true, force: true });
mkdirSync(vendor, { recursive: true });
css();
copies();
const count = icons();
putInPlace();
console.log(`${relative(root, target)}: styles, charts, signature pad, ${count} icons`);
