/**
 * Bundles the TypeScript sources into few JavaScript files (ADR 0037). A `run` of a small file
 * spent most of its time on loading 470 modules.
 */
import fs from 'node:fs';
import path from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { withLauncher, withLauncherLine } from './launcher.ts';

/** The kill tests change these modules of a built program. */
const CHANGED_BY_TESTS = ['src/engine/job/job.ts', 'src/storage/remote/job-lease.ts'];
const WORKERS = [
  'src/service/worker/job-worker.ts',
  'src/library/subtask-worker.ts',
  'src/service/compile/compile-worker.ts',
];
/** The files that keep their own path below the output folder. Other files are chunks. */
const ENTRIES = ['src/cli/main.ts', 'src/index.ts', ...WORKERS, ...CHANGED_BY_TESTS];
/** Everything that this command imports statically goes into one chunk. */
const START = 'src/cli/commands/run.ts';
/** Modules that load no core. The first three run before the check of the Node version. */
const WITHOUT_CORE = [
  'src/library/subtask-worker.ts',
  'src/cli/main.ts',
  'src/cli/compile-cache.ts',
  'src/cli/process-limits.ts',
  'src/cli/program.ts',
];
/** Every start loads these packages, so they are part of the bundle. */
const BUNDLED_PACKAGES = ['chevrotain', 'commander'];
const CORE = 'sequitur:core';
/** In the text of a chunk: the path from the chunk's folder to the output folder. */
const TO_OUTPUT = '__TO_OUTPUT__';

/** Writes the bundle of the repository `root` into the folder `output`. */
export async function bundle(root: string, output: string): Promise<void> {
  const options = {
    absWorkingDir: root,
    preserveSymlinks: true,
    entryPoints: ENTRIES,
    outbase: root,
    outdir: output,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.18',
    // Node reads the maps only with --enable-source-maps, so they cost no time at the start.
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    write: false,
    logLevel: 'warning',
  } as const satisfies BuildOptions;
  const { metafile } = await build({ ...options, plugins: [sources(root, []), builtins(), packages()] });
  const core: Core = { modules: staticImports(metafile, START), importers: lazyModules(metafile) };
  const bundled = await build({
    ...options,
    plugins: [sources(root, core.importers), coreModule(root, core), builtins(), packages()],
  });
  for (const { path: file, contents, text } of bundled.outputFiles) {
    const upwards = path.relative(path.dirname(file), output).replaceAll(path.sep, '/') || '.';
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, file.endsWith('.js') ? text.replaceAll(TO_OUTPUT, upwards) : contents);
  }
  rewrite(path.join(output, 'src/cli/main.js'), withLauncher);
  rewrite(path.join(output, 'src/cli/main.js.map'), withLauncherLine);
  fs.writeFileSync(path.join(output, 'THIRD-PARTY-LICENSES.txt'), licences(root, bundled.metafile));
}

function rewrite(file: string, change: (text: string) => string): void {
  fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')));
}

/** The modules that a start of `run` needs, and the modules that import them as a whole. */
interface Core {
  readonly modules: readonly string[];
  readonly importers: readonly string[];
}

/** Returns the source files that a source file imports statically, directly or not, and itself. */
function staticImports({ inputs }: Metafile, start: string): readonly string[] {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file) || inputs[file] === undefined) return;
    found.add(file);
    for (const { path: target, kind } of inputs[file].imports) if (kind === 'import-statement') visit(target);
  };
  visit(start);
  return [...found].filter(isSource);
}

/** Returns the entries and the modules that are imported lazily, except the command line itself. */
function lazyModules({ inputs }: Metafile): readonly string[] {
  const lazy = Object.values(inputs).flatMap(({ imports }) =>
    imports.filter(({ kind }) => kind === 'dynamic-import').map((each) => each.path),
  );
  return [...ENTRIES, ...lazy].filter((file) => isSource(file) && !WITHOUT_CORE.includes(file));
}

const isSource = (file: string): boolean => /^(src|grammar)\//.test(file);

/**
 * The core as one module. Every entry and every lazy module imports it. esbuild puts modules into
 * one chunk if the same entries need them. Without this module the core is spread over 30 chunks.
 */
function coreModule(root: string, { modules }: Core): Plugin {
  return {
    name: 'core',
    setup(bundler) {
      bundler.onResolve({ filter: new RegExp(`^${CORE}$`) }, () => ({ path: CORE, namespace: 'core' }));
      bundler.onLoad({ filter: /.*/, namespace: 'core' }, () => ({
        contents: modules.map((file) => `import './${file}';`).join('\n'),
        resolveDir: root,
      }));
    },
  };
}

/**
 * Loads source files. `import.meta.url` becomes the address that the file would have without
 * bundling, because the code finds workers and the files of the page relative to it.
 */
function sources(root: string, importers: readonly string[]): Plugin {
  return {
    name: 'sources',
    setup(bundler) {
      bundler.onLoad({ filter: /\.ts$/ }, ({ path: place }) => {
        const file = path.relative(root, place).replaceAll(path.sep, '/');
        // From sources, this module searches for Chevrotain's own bundle.
        if (file === 'grammar/chevrotain.ts')
          return { contents: "export * from 'chevrotain';", loader: 'ts', resolveDir: root };
        const address = `new URL('${TO_OUTPUT}/${file.replace(/\.ts$/, '.js')}', import.meta.url).href`;
        const text = fs.readFileSync(place, 'utf8').replaceAll('import.meta.url', address);
        return { contents: importers.includes(file) ? `import '${CORE}'; ${text}` : text, loader: 'ts' };
      });
    },
  };
}

/**
 * Takes Node's own modules from `process.getBuiltinModule`. An import statement reads every export
 * of the module, and some of them load further modules (40 ms for node:http, measured).
 */
function builtins(): Plugin {
  return {
    name: 'builtins',
    setup(bundler) {
      bundler.onResolve({ filter: /^node:/ }, ({ path: name, importer, kind }) => {
        const old = WITHOUT_CORE.some((file) => importer.endsWith(file));
        return old || kind !== 'import-statement'
          ? { path: name, external: true }
          : { path: name, namespace: 'builtin' };
      });
      bundler.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path: name }) => {
        const names = Object.keys(process.getBuiltinModule(name) ?? {}).filter(
          (each) => /^[a-z]\w*$/i.test(each) && each !== 'default',
        );
        const load = `const builtin = /* @__PURE__ */ process.getBuiltinModule('${name}');\nexport default builtin;`;
        const pick = 'const pick = (name) => builtin[name];';
        // esbuild drops the names that nothing imports.
        const exported = names.map(
          (each) => `const ${each}_ = /* @__PURE__ */ pick('${each}');\nexport { ${each}_ as ${each} };`,
        );
        return { contents: [load, pick, ...exported].join('\n'), loader: 'js' };
      });
    },
  };
}

/** Leaves the packages outside the bundle that not every start needs. */
function packages(): Plugin {
  return {
    name: 'packages',
    setup(bundler) {
      bundler.onResolve({ filter: /^[^./]/ }, ({ path: name, importer }) => {
        if (name.startsWith('node:') || name === CORE || importer.includes('node_modules')) return null;
        return BUNDLED_PACKAGES.includes(name) || ENTRIES.includes(name) ? null : { path: name, external: true };
      });
    },
  };
}

/** Returns the licences of the packages in the bundle. */
function licences(root: string, { inputs }: Metafile): string {
  const found = Object.keys(inputs).flatMap((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []);
  return [...new Set(found)]
    .sort()
    .map((name) => {
      const folder = path.join(root, 'node_modules', name);
      const file = fs.readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
      if (file === undefined) throw new Error(`the package ${name} has no licence file`);
      return `${name}\n\n${fs.readFileSync(path.join(folder, file), 'utf8').trim()}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}
