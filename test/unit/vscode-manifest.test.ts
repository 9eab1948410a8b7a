import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import {
  actingCommandIds,
  commandIds,
  contextKeys,
  driftScheme,
  liveCommandIds,
  liveScheme,
  objectCommandIds,
  overrideScheme,
  planCommandIds,
  planScheme,
  previewScheme,
  pushCommandIds,
  pushScheme,
  rolloutCommandIds,
  waveCommandIds,
  settingKeys,
  viewCommandIds,
  viewContainerId,
  viewIds,
  whyScheme,
} from '../../src/vscode/names.ts';

interface MenuEntry {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: {
      readonly supported: string;
      readonly description: string;
      readonly restrictedConfigurations: readonly string[];
    };
    readonly virtualWorkspaces: boolean;
  };
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category: string;
      readonly icon?: string;
    }[];
    readonly menus: Readonly<Record<string, readonly MenuEntry[]>>;
    readonly viewsContainers: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly views: Readonly<
      Record<
        string,
        readonly { readonly id: string; readonly name: string; readonly icon: string }[]
      >
    >;
    readonly viewsWelcome: readonly {
      readonly view: string;
      readonly contents: string;
      readonly when?: string;
    }[];
    readonly configuration: {
      readonly properties: Readonly<
        Record<
          string,
          {
            readonly default: unknown;
            readonly scope: string;
            readonly description?: string;
            readonly markdownDescription?: string;
          }
        >
      >;
    };
    readonly resourceLabelFormatters: readonly { readonly scheme: string }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly description: string;
        readonly media: { readonly svg: string; readonly altText: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
  };
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const { commands, menus, configuration, resourceLabelFormatters, views, viewsWelcome } =
  manifest.contributes;
const allCommands: readonly string[] = [
  ...values(commandIds),
  ...values(liveCommandIds),
  ...values(viewCommandIds),
  ...values(actingCommandIds),
  ...values(objectCommandIds),
  ...values(planCommandIds),
  ...values(pushCommandIds),
  ...values(rolloutCommandIds),
  ...values(waveCommandIds),
];
const sources = globSync(['src/vscode/**/*.ts', 'src/extension.ts']).sort();

/** The schemes of our read-only documents. */
const schemes: readonly string[] = [
  previewScheme,
  liveScheme,
  whyScheme,
  driftScheme,
  pushScheme,
  planScheme,
  overrideScheme,
];

/** Commands that take arguments from links or lines of trees and are of no use by hand. */
const hidden = [
  commandIds.revealPlace,
  commandIds.explainFinding,
  liveCommandIds.showConnectionMenu,
  viewCommandIds.pin,
  viewCommandIds.unpin,
  viewCommandIds.copyName,
  actingCommandIds.reconcileThere,
  objectCommandIds.openTemplate,
  pushCommandIds.compare,
  pushCommandIds.keepTheirs,
  pushCommandIds.takeOver,
  pushCommandIds.goOn,
  pushCommandIds.overwrite,
];

test('the manifest contributes exactly the commands of the code', () => {
  assert.deepEqual(sorted(commands.map((entry) => entry.command)), sorted(allCommands));
});

test('every command has a title and the category, those in a title bar an icon', () => {
  const inBar = ({ group }: MenuEntry) => /^(navigation|inline)/.test(group ?? '');
  const inTitle = new Set(
    Object.values(menus)
      .flat()
      .filter(inBar)
      .map((entry) => entry.command),
  );
  for (const { command, title, category, icon } of commands) {
    assert.ok(title, command);
    assert.equal(category, 'Karmada', command);
    if (inTitle.has(command)) assert.match(icon ?? '', /^\$\([a-z-]+\)$/, command);
  }
});

test('menus name known commands only', () => {
  const known = new Set(allCommands);
  for (const [menu, entries] of Object.entries(menus)) {
    for (const { command } of entries) assert.ok(known.has(command), `${menu}: ${command}`);
  }
});

test('the palette hides the commands that are for links', () => {
  const never = (menus['commandPalette'] ?? []).filter((entry) => entry.when === 'false');
  assert.deepEqual(
    never.map((entry) => entry.command),
    hidden,
  );
});

test('when clauses use the keys that the code sets, and all of them', () => {
  const clauses = [...Object.values(menus).flat(), ...viewsWelcome].map(
    (entry) => entry.when ?? '',
  );
  const own = clauses.flatMap((clause) => clause.match(/(?<!\^)\bkarmada\.\w+/g) ?? []);
  const ids = new Set<string>(values(viewIds));
  const used = new Set(own.filter((name) => !ids.has(name)));
  assert.deepEqual(sorted(used), sorted(values(contextKeys)));
});

test('every menu entry has a condition', () => {
  for (const [menu, entries] of Object.entries(menus)) {
    for (const { command, when } of entries) assert.ok(when, `${menu}: ${command}`);
  }
});

test('the manifest contributes exactly the settings that the code reads', () => {
  assert.deepEqual(
    sorted(Object.keys(configuration.properties)),
    sorted(values(settingKeys).map((key) => `karmada.${key}`)),
  );
});

test('every setting has a default, a scope and a description that ends with a full stop', () => {
  for (const [key, property] of Object.entries(configuration.properties)) {
    assert.notEqual(property.default, undefined, key);
    assert.match(property.scope, /^(window|resource|machine|machine-overridable)$/, key);
    assert.match(property.description ?? property.markdownDescription ?? '', /\.$/, key);
  }
});

test('names are spelled in one place only', () => {
  const spelled = new RegExp(
    `'(${[...allCommands, ...values(contextKeys), ...values(viewIds), ...schemes].join('|')})'`,
  );
  for (const file of sources) {
    if (basename(file) === 'names.ts') continue;
    assert.doesNotMatch(readFileSync(file, 'utf8'), spelled, file);
  }
});

test('only settings.ts reads settings', () => {
  const readers = sources.filter((file) =>
    readFileSync(file, 'utf8').includes('getConfiguration('),
  );
  assert.deepEqual(
    readers.map((file) => basename(file)),
    ['settings.ts'],
  );
});

test('only messages.ts shows notifications, so that no text of a server becomes a link that acts', () => {
  for (const file of sources) {
    const text = readFileSync(file, 'utf8');
    if (basename(file) !== 'messages.ts') {
      assert.doesNotMatch(text, /\bshow(?:Error|Warning|Information)Message\b/, file);
    }
    if (text.includes('ProgressLocation.Notification')) assert.match(text, /plainMessage\(/, file);
  }
});

test('Markdown of tooltips and hovers is not trusted, but for the one command of its own link, and holds no HTML', () => {
  for (const file of sources) {
    const text = readFileSync(file, 'utf8');
    assert.doesNotMatch(text, /\bsupportHtml\b/, file);
    for (const [, value = ''] of text.matchAll(/\.isTrusted = (.*);/g)) {
      assert.equal(value, '{ enabledCommands: [commandIds.revealPlace] }', file);
    }
  }
});

test('the extension starts for YAML and for its own documents, and runs anywhere', () => {
  assert.deepEqual(manifest.activationEvents, [
    'onLanguage:yaml',
    ...schemes.map((scheme) => `onFileSystem:${scheme}`),
  ]);
  assert.deepEqual(
    resourceLabelFormatters.map((entry) => entry.scheme),
    schemes,
  );
  assert.equal(manifest.capabilities.virtualWorkspaces, true);
});

test('the settings of a repository cannot make the editor connect or run programs', () => {
  for (const key of [
    settingKeys.kubeconfig,
    settingKeys.connectOnStartup,
    settingKeys.readOnlyContexts,
    settingKeys.protectedContexts,
  ]) {
    assert.equal(configuration.properties[`karmada.${key}`]?.scope, 'machine', key);
  }
});

test('an untrusted workspace cannot say what is connected to', () => {
  const { supported, description, restrictedConfigurations } =
    manifest.capabilities.untrustedWorkspaces;
  assert.equal(supported, 'limited');
  assert.match(description, /\.$/);
  for (const key of [
    settingKeys.kubeconfig,
    settingKeys.connectOnStartup,
    settingKeys.readOnlyContexts,
    settingKeys.protectedContexts,
  ]) {
    assert.ok(restrictedConfigurations.includes(`karmada.${key}`), key);
  }
  const known = new Set(Object.keys(configuration.properties));
  for (const key of restrictedConfigurations) assert.ok(known.has(key), key);
});

test('the views are those of the code, in its container, each with an icon', () => {
  const containers = Object.values(manifest.contributes.viewsContainers).flat();
  assert.deepEqual(
    containers.map(({ id }) => id),
    [viewContainerId],
  );
  assert.deepEqual(
    sorted((views[viewContainerId] ?? []).map(({ id }) => id)),
    sorted(values(viewIds)),
  );
  for (const { id, name, icon } of Object.values(views).flat()) assert.ok(name && icon, id);
});

test('welcome views have a condition, and lead to commands that exist', () => {
  const builtIn = /^(workbench\.trust\.manage|workbench\.action\.openSettings)$/;
  const ids = new Set<string>(values(viewIds));
  for (const { view, contents, when } of viewsWelcome) {
    assert.ok(ids.has(view), view);
    assert.ok(when, contents);
    for (const [, command = ''] of contents.matchAll(/\(command:([^)?]+)/g)) {
      assert.ok(allCommands.includes(command) || builtIn.test(command), command);
    }
  }
});

test('each step of the walkthrough has its picture, and leads to commands and keys that exist', () => {
  const builtIn = /^(vscode\.openFolder|workbench\.actions\.view\.problems)$/;
  const keys = new Set<string>(values(contextKeys));
  const steps = manifest.contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
  assert.ok(steps.length > 0);
  for (const { description, media, completionEvents } of steps) {
    assert.match(readFileSync(media.svg, 'utf8'), /var\(--vscode-/, media.svg);
    assert.match(media.altText, /\.$/);
    const linked = [...description.matchAll(/\(command:([^)?]+)/g)].map(
      ([, command = '']) => command,
    );
    const awaited = completionEvents.flatMap((event) => /^onCommand:(.+)/.exec(event)?.[1] ?? []);
    for (const command of [...linked, ...awaited]) {
      assert.ok(allCommands.includes(command) || builtIn.test(command), command);
    }
    for (const event of completionEvents) {
      const [, key] = /^onContext:(\S+)/.exec(event) ?? [];
      assert.ok(key === undefined || keys.has(key), event);
    }
  }
});

function values<T extends string>(names: { readonly [name: string]: T }): readonly T[] {
  return Object.values(names);
}

function sorted(texts: Iterable<string>): readonly string[] {
  return [...texts].sort();
}
