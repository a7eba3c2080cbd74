import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessAbsent, writePrivateFile } from '../../database/private-file.ts';
import { OperatorError } from '../../errors/operator-error.ts';

/** A key that encrypts provider keys, and the id that is stored beside what it sealed. */
export interface MasterKey {
  id: string;
  key: KeyObject;
}

/** The first one encrypts, all decrypt. */
export type MasterKeys = readonly [MasterKey, ...MasterKey[]];

/** Faults of the text of master keys, by position: they quote nothing, since any part of a wrong text may be secret. */
export class MasterKeysError extends OperatorError {
  override readonly name = 'MasterKeysError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[], place = 'The master keys have faults') {
    super(`${place}: ${faults.join('; ')}.`);
    this.faults = faults;
  }
}

const keyLength = 32;

/**
 * Parses keys of 32 bytes each from a text such as `2026:<base64>,2025:<base64>`.
 * @throws MasterKeysError
 */
export function parseMasterKeys(text: string): MasterKeys {
  const entries = text.split(',').map((entry) => parseEntry(entry.trim()));
  const ids = entries.map(({ id }) => id);
  const faults = entries.flatMap(({ id, fault }, index) => {
    const isRepeated = id !== undefined && ids.indexOf(id) !== index;
    const found = fault ?? (isRepeated ? 'has the id of one before it' : undefined);
    return found === undefined ? [] : [`key ${index + 1} ${found}`];
  });

  const [first, ...others] = entries.flatMap(({ id, bytes }) =>
    id !== undefined && bytes !== undefined ? [{ id, key: createSecretKey(bytes) }] : [],
  );
  if (!first || faults.length > 0) throw new MasterKeysError(faults);
  return [first, ...others];
}

function parseEntry(entry: string): { id?: string; bytes?: Buffer; fault?: string } {
  const [, id, encoded] = /^([A-Za-z0-9][\w.-]{0,63}):(.*)$/s.exec(entry) ?? [];
  if (id === undefined || encoded === undefined) return { fault: 'is not written as id:base64' };

  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64') !== encoded) return { id, fault: 'is not written in base64' };
  if (bytes.length !== keyLength) return { id, fault: `must have ${keyLength} bytes, not ${bytes.length}` };
  if (bytes.every((byte) => byte === bytes[0])) return { id, fault: 'repeats one byte, so it is no secret' };
  return { id, bytes };
}

/** The text of a new master key. */
export function newMasterKey(id: string): string {
  return `${id}:${randomBytes(keyLength).toString('base64')}`;
}

/**
 * The master keys in this folder's file `master-keys`, readable by its owner alone; created where there is none. Without
 * that file the provider keys cannot be decrypted.
 * @throws MasterKeysError
 */
export async function openLocalMasterKeys(directory: string): Promise<MasterKeys> {
  const file = join(directory, 'master-keys');
  const text = (await readFile(file, 'utf8').catch(unlessAbsent)) ?? (await createFile(directory, file));
  return parseFile(file, text);
}

/** As `openLocalMasterKeys`; undefined where there is no file. @throws MasterKeysError */
export async function readLocalMasterKeys(directory: string): Promise<MasterKeys | undefined> {
  const file = join(directory, 'master-keys');
  const text = await readFile(file, 'utf8').catch(unlessAbsent);
  return text === undefined ? undefined : parseFile(file, text);
}

function parseFile(file: string, text: string): MasterKeys {
  try {
    return parseMasterKeys(text.trim());
  } catch (error) {
    throw error instanceof MasterKeysError ? new MasterKeysError(error.faults, `${file} has faults`) : error;
  }
}

/** Atomic: of several processes that start at once one creates the file, and all read that one. */
async function createFile(directory: string, file: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  await writePrivateFile(file, `${newMasterKey('embedded')}\n`, { ifAbsent: true });
  return readFile(file, 'utf8');
}
