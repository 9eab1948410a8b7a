// Packages the extension: builds it, lets vsce make the VSIX in out/ and reads back what is in it.
import { mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { run, runTool } from './processes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Builds every bundle, or the named ones alone. Throws an Error with the build's own words. */
export async function buildBundles(...names) {
  const { code, output } = await run(process.execPath, ['esbuild.mjs', ...names], { cwd: root });
  if (code !== 0) throw new Error(`the build failed:\n${output}`);
  return output;
}

/** Makes the VSIX from dist/ and returns its path, its size in bytes and the names of its files. */
export async function packageExtension() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  mkdirSync(join(root, 'out'), { recursive: true });
  const path = join(root, 'out', `karmada-flux-${version}.vsix`);
  await packageFolder(root, path);
  return { path, size: statSync(path).size, files: namesInZip(readFileSync(path)) };
}

/** Lets vsce make a VSIX of an extension's folder; gives its path. */
export async function packageFolder(folder, path) {
  const options = [
    '--no-dependencies',
    '--allow-missing-repository',
    '--skip-license',
    '--no-rewrite-relative-links',
  ];
  const { code, output } = await runTool('vsce', ['package', ...options, '--out', path], {
    cwd: folder,
    timeout: 120_000,
  });
  if (code !== 0) throw new Error(`vsce could not package the extension:\n${output}`);
  return path;
}

/** The names of a ZIP file's entries, sorted, from its central directory. */
function namesInZip(zip) {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  const names = [];
  for (let entry = 0; entry < count; entry += 1) {
    const nameLength = zip.readUInt16LE(at + 28);
    names.push(zip.toString('utf8', at + 46, at + 46 + nameLength));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return names.sort();
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  try {
    console.log((await buildBundles()).trimEnd());
    const { path, size, files } = await packageExtension();
    console.log(`${path}: ${files.length} files, ${(size / 1000).toFixed(1)} kB`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
