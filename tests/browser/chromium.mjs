// Prints the path of a Chromium that runs here and shows Chinese: CLOSELOOP_CHROMIUM, one of the machine, else
// the one of @sparticuz/chromium, unpacked into .cache. Its own launch flags are not taken over: they run
// everything in one process, and then the browser dies with its first page.
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const cache = join(root, ".cache");
const named = process.env.CLOSELOOP_CHROMIUM;
const ofMachine = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

mkdirSync(cache, { recursive: true });
if (named) {
  if (!runs(named)) fail(`CLOSELOOP_CHROMIUM=${named} does not run`);
  console.log(named);
} else {
  const binary = ofMachine.map(which).find((path) => path && runs(path)) ?? (await unpacked());
  const settings = [...libraries(binary), ...(await chineseFont())];
  console.log(settings.length ? wrapped(binary, settings) : binary);
}

function which(name) {
  const folder = (process.env.PATH ?? "").split(":").find((one) => one && existsSync(join(one, name)));
  return folder && join(folder, name);
}

function runs(path, env = {}) {
  return output(path, ["--version"], env) !== "";
}

function output(command, args, env = {}) {
  try {
    return execFileSync(command, args, { stdio: ["ignore", "pipe", "ignore"], timeout: 30_000, env: { ...process.env, ...env } }).toString();
  } catch {
    return "";
  }
}

async function unpacked() {
  const home = join(cache, "chromium");
  if (existsSync(home)) return join(home, "chromium");
  const next = begin(home);
  process.env.TMPDIR = next; // where the package unpacks to
  const { default: chromium, inflate } = await import("@sparticuz/chromium");
  await chromium.executablePath();
  await inflate(join(root, "node_modules/@sparticuz/chromium/bin/al2023.tar.br"));
  renameSync(next, home);
  return join(home, "chromium");
}

// A bare machine lacks what Chromium links to: the package brings it for its own platform.
function libraries(binary) {
  if (runs(binary)) return [];
  const brought = join(cache, "chromium/al2023/lib");
  if (runs(binary, { LD_LIBRARY_PATH: brought })) return [["LD_LIBRARY_PATH", brought]];
  return fail("no Chromium runs here: install one (Debian: apt-get install chromium) or name it in CLOSELOOP_CHROMIUM");
}

async function chineseFont() {
  if (output("fc-list", [":lang=zh"])) return [];
  const home = join(cache, "fonts");
  if (!existsSync(home)) {
    const { default: woff2 } = await import("wawoff2");
    const files = join(root, "node_modules/@fontsource-variable/noto-sans-sc/files");
    const next = begin(home);
    for (const name of readdirSync(files)) {
      writeFileSync(join(next, name.replace(/woff2$/, "ttf")), await woff2.decompress(readFileSync(join(files, name))));
    }
    writeFileSync(join(next, "fonts.conf"), `<?xml version="1.0"?>
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${home}</dir>
  <dir>${join(cache, "chromium/fonts")}</dir>
  <cachedir>${join(home, "cache")}</cachedir>
</fontconfig>
`);
    renameSync(next, home);
  }
  return [["FONTCONFIG_FILE", join(home, "fonts.conf")]];
}

function wrapped(binary, settings) {
  const path = join(cache, "chromium.sh");
  writeFileSync(path, `#!/bin/sh\n${settings.map(([name, value]) => `export ${name}="${value}"`).join("\n")}\nexec "${binary}" "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

// What is made beside and renamed at the end is there whole or not at all.
function begin(folder) {
  const next = `${folder}.next`;
  rmSync(next, { recursive: true, force: true });
  mkdirSync(next, { recursive: true });
  return next;
}

function fail(message) {
  console.error(message);
  return process.exit(1);
}
