// Bundles web/static/src into web/static/dist: every file of src/entries is an entry, every name carries its
// content's hash, and manifest.json maps "app.js" to "app-1A2B3C4D.js". Icons named in templates and scripts
// become one sprite, icons.svg.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
const src = join(root, "web/static/src");
const dist = join(root, "web/static/dist");
const next = `${dist}.next`;
const modules = join(root, "node_modules");

await rm(next, { recursive: true, force: true });
await mkdir(next, { recursive: true });
const manifest = {};
await bundle().catch(() => process.exit(1)); // esbuild has said what and where
await sprite();
await plain(join(src, "icon.svg"));
const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
await writeFile(join(next, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);
await rm(dist, { recursive: true, force: true });
await rename(next, dist); // a served page never sees half a build
console.log(`assets: ${Object.keys(manifest).length} files in web/static/dist`);

async function bundle() {
  const entries = (await readdir(join(src, "entries"))).filter((name) => /\.(js|css)$/.test(name));
  const result = await build({
    absWorkingDir: root,
    entryPoints: entries.map((name) => ({ in: join(src, "entries", name), out: basename(name, extname(name)) })),
    outdir: next,
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    format: "esm",
    splitting: true,
    minify: true,
    metafile: true,
    target: ["es2020", "chrome87", "firefox78", "safari14"],
    supported: { destructuring: true }, // Safari 14 has it; one odd case of it is broken there
    loader: { ".woff": "file", ".woff2": "file", ".ttf": "file", ".eot": "file", ".svg": "file", ".png": "file" },
    legalComments: "linked",
    logLevel: "warning",
    logLimit: 10,
  });
  for (const [file, output] of Object.entries(result.metafile.outputs)) {
    if (!output.entryPoint) continue;
    const name = basename(output.entryPoint, extname(output.entryPoint));
    manifest[name + extname(file)] = basename(file);
    if (output.cssBundle) manifest[`${name}.css`] = basename(output.cssBundle);
  }
}

async function plain(path) {
  await write(basename(path), await readFile(path));
}

async function write(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const hashed = `${basename(name, extname(name))}-${hash}${extname(name)}`;
  await writeFile(join(next, hashed), content);
  manifest[name] = hashed;
}

// icon("clock"), icon("a" if late else "b"), icon="clock", icon: "clock"
async function sprite() {
  const outline = join(modules, "@tabler/icons/icons/outline");
  const known = new Set((await readdir(outline)).map((name) => basename(name, ".svg")));
  const used = new Set();
  const unknown = [];
  for (const path of await sources()) {
    const text = await readFile(path, "utf8");
    for (const [, call, value] of text.matchAll(/\bicon(?:\(([^()]*)\)|["']?\s*[=:]\s*["']([a-z0-9-]+)["'])/g)) {
      const names = value ? [value] : [...call.matchAll(/["']([a-z0-9-]+)["']/g)].map(([, name]) => name);
      const found = names.filter((name) => known.has(name));
      found.forEach((name) => used.add(name));
      if (names.length && !found.length) unknown.push(`${relative(root, path)}: ${names.join(", ")}`);
    }
  }
  if (unknown.length) throw new Error(`no such Tabler icon:\n${unknown.join("\n")}`);
  const symbols = [];
  for (const name of [...used].sort()) {
    const svg = (await readFile(join(outline, `${name}.svg`), "utf8")).replace(/<!--.*?-->/gs, "");
    const body = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>")).trim();
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s*\n\s*/g, "")}</symbol>`);
  }
  await write("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
}

async function sources() {
  const files = [];
  for (const [folder, endings] of [["web", /\.(html|jinja|py)$/], ["web/static/src", /\.js$/]]) {
    for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && endings.test(entry.name)) files.push(join(entry.parentPath ?? entry.path, entry.name));
    }
  }
  return files;
}
