/**
 * Bundle the card into the integration's `frontend` folder; with `--check`, say whether what is
 * there is what the source gives.
 */

import { build, type Metafile } from "esbuild";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const HERE = import.meta.dirname;
const FRONTEND = join(HERE, "../custom_components/pihole_checkpoint/frontend");
const LICENCES = join(FRONTEND, "THIRD-PARTY.txt");

/** Return the licences of what is bundled, which demand to be shipped with it. */
async function licences({ outputs }: Metafile): Promise<string> {
  const packages = new Set<string>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
      if (name && bytesInOutput) packages.add(name);
    }
  }
  const owners = new Map<string, string[]>();
  for (const name of [...packages].sort()) {
    const text = (await readFile(join(HERE, "node_modules", name, "LICENSE"), "utf8")).trim();
    owners.set(text, [...(owners.get(text) ?? []), name]);
  }
  const parts = [...owners].map(([text, names]) => `${names.join(", ")}\n\n${text}\n`);
  return ["The card contains these packages, each under its licence.\n", ...parts].join("\n");
}

const { outputFiles, metafile } = await build({
  absWorkingDir: HERE,
  entryPoints: { loader: "src/loader.ts", "pihole-checkpoint-card": "src/card.ts" },
  external: ["./pihole-checkpoint-card.js"],
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "inline",
  charset: "utf8",
  outdir: FRONTEND,
  write: false,
  metafile: true,
}).catch(() => process.exit(1)); // esbuild has said why
const wanted = new Map(outputFiles.map(({ path, text }) => [path, text]));
wanted.set(LICENCES, await licences(metafile));
await mkdir(FRONTEND, { recursive: true });
const found = new Map<string, string>();
for (const name of await readdir(FRONTEND)) {
  const path = join(FRONTEND, name);
  found.set(path, await readFile(path, "utf8"));
}

if (process.argv.includes("--check")) {
  const paths = new Set([...wanted.keys(), ...found.keys()]);
  const stale = [...paths].filter((path) => wanted.get(path) !== found.get(path));
  if (stale.length) {
    const names = stale.join(", ");
    process.stderr.write(`Not what the source gives (scripts/card builds it): ${names}\n`);
    process.exitCode = 1;
  }
} else {
  for (const path of found.keys()) if (!wanted.has(path)) await rm(path);
  for (const [path, text] of wanted) await writeFile(path, text);
}
