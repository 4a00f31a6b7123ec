// Bundles the page scripts into the folder given: `node build.mjs [FOLDER]`.
import { build } from "esbuild";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const target = process.argv[2] ?? "../src/isoc_kg/rendering/scripts";
await mkdir(target, { recursive: true });
const common = { bundle: true, minify: true, target: "es2022", outdir: target, legalComments: "none", logLevel: "warning" };
// Classic scripts, so that the plain ones also run in pages opened as files.
await build({ ...common, entryPoints: ["src/first.ts", "src/site.ts", "src/search.ts", "src/reading.ts", "src/explore.ts", "src/console.ts", "src/question.ts"], format: "iife" });
await build({ ...common, entryPoints: ["src/worker.ts"], format: "iife", define: { "import.meta.url": "self.location.href" } });
// Of the review alone: apart from the scripts that are published with a site.
await build({ ...common, outdir: join(target, "review"), entryPoints: ["src/review.ts"], format: "iife" });
await copyFile("node_modules/oxigraph/web_bg.wasm", join(target, "oxigraph.wasm"));

// What is bundled keeps its licences.
const used = ["oxigraph", "crelt", "style-mod", "w3c-keyname"];
for (const scope of ["@codemirror", "@lezer", "@marijn"]) {
  for (const name of (await readdir(join("node_modules", scope))).sort()) used.push(`${scope}/${name}`);
}
const parts = [];
for (const name of used.sort()) {
  const folder = join("node_modules", name);
  const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? await readFile(join(folder, file), "utf8") : "";
  parts.push(`${name} ${version}: ${license}\n\n${text.trim()}\n`);
}
await writeFile(join(target, "licences.txt"), parts.join(`\n${"-".repeat(72)}\n\n`));
