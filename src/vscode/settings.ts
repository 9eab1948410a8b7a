import { ConfigurationTarget, workspace, type ConfigurationChangeEvent, type Uri } from 'vscode';
import type { Severity, WorkspaceOptions } from '../analysis/index.ts';
import { settingKeys } from './names.ts';

/** The user's settings, read at one time. */
export interface Settings {
  /** What the analysis is made with; the fleet is read from its files by `fleetFiles.ts`. */
  readonly options: Omit<WorkspaceOptions, 'fleet' | 'fleetName'>;
  readonly exclude: readonly string[];
  readonly showsBookkeeping: boolean;
  readonly hasCodeLenses: boolean;
  /** The cluster that inlay hints speak of; empty for none. */
  readonly focusedCluster: string;
}

const section = 'karmada';

/** Reads all settings but the fleet. Values of a wrong type count as not set. */
export function readSettings(): Settings {
  const values = workspace.getConfiguration(section);
  const karmadaVersion = text(values.get(settingKeys.karmadaVersion));
  const fluxVersion = text(values.get(settingKeys.fluxVersion));
  const defaultNamespace = text(values.get(settingKeys.defaultNamespace));
  const exclude = texts(values.get(settingKeys.exclude)) ?? [];
  const skipped = texts(values.get(settingKeys.skippedPropagatingNamespaces));
  return Object.freeze({
    options: {
      ...(karmadaVersion && { karmadaVersion }),
      ...(fluxVersion && { fluxVersion }),
      ...(defaultNamespace && { defaultNamespace }),
      ...(skipped && { skippedPropagatingNamespaces: skipped }),
      featureGates: entries(values.get(settingKeys.featureGates), isBoolean),
      severities: entries(values.get(settingKeys.severities), isSeverity),
      exclude,
    },
    exclude,
    showsBookkeeping: values.get(settingKeys.bookkeeping) === true,
    hasCodeLenses: values.get(settingKeys.codeLens) !== false,
    focusedCluster: text(values.get(settingKeys.inlayHintsCluster)) ?? '',
  });
}

/** The path of a workspace folder's fleet file as the user wrote it; empty when there is none. */
export function readFleetPath(folder: Uri): string {
  return text(workspace.getConfiguration(section, folder).get(settingKeys.fleet)) ?? '';
}

/** Makes a file the fleet file of a workspace folder. */
export async function writeFleetPath(folder: Uri, path: string): Promise<void> {
  const target = ConfigurationTarget.WorkspaceFolder;
  await workspace.getConfiguration(section, folder).update(settingKeys.fleet, path, target);
}

/** The kubeconfigs that the user wrote, separated as in `KUBECONFIG`; none for kubectl's own choice. */
export function readKubeconfigPaths(): readonly string[] {
  const paths = text(workspace.getConfiguration(section).get(settingKeys.kubeconfig)) ?? '';
  const delimiter = globalThis.process?.platform === 'win32' ? ';' : ':';
  return paths.split(delimiter).filter((path) => path !== '');
}

/** Globs of kubeconfig contexts that nothing is ever written to. */
export function readOnlyContexts(): readonly string[] {
  return texts(workspace.getConfiguration(section).get(settingKeys.readOnlyContexts)) ?? [];
}

/** Globs of kubeconfig contexts that ask once more before anything is pushed to them. */
export function protectedContexts(): readonly string[] {
  return texts(workspace.getConfiguration(section).get(settingKeys.protectedContexts)) ?? [];
}

/** Whether a workspace that was connected connects again by itself. */
export function connectsOnStartup(): boolean {
  return workspace.getConfiguration(section).get(settingKeys.connectOnStartup) === true;
}

/** Whether a change of settings concerns which kubeconfigs are read. */
export function affectsKubeconfig(event: ConfigurationChangeEvent): boolean {
  return event.affectsConfiguration(`${section}.${settingKeys.kubeconfig}`);
}

/** Whether a change of settings concerns us. */
export function affectsSettings(event: ConfigurationChangeEvent): boolean {
  return event.affectsConfiguration(section);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function texts(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter((item): item is string => typeof item === 'string' && item !== '');
}

function entries<T>(value: unknown, is: (item: unknown) => item is T): { [key: string]: T } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, T] => is(entry[1])),
  );
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isSeverity(value: unknown): value is Severity | 'off' {
  return severities.has(value as string);
}

const severities: ReadonlySet<string> = new Set(['error', 'warning', 'information', 'hint', 'off']);
