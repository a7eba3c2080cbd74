import { ScimError } from '../errors/scim.ts';
import { type Attribute, attributeOf } from './attributes.ts';
import type { Comparison } from './filter.ts';
import type { Operation } from './patch-operations.ts';
import type { Step } from './path.ts';
import { isObject, type Resource, readValue, refuseMany } from './read-resource.ts';

/** A value of an attribute with several. */
type Element = Resource;

/** Applies the operations of a PATCH, and answers the new resource. @throws ScimError */
export function patchResource(resource: Resource, operations: readonly Operation[]): Resource {
  const patched = structuredClone(resource);
  for (const { op, path, value } of operations) applyAt(patched, path, op, value);
  return patched;
}

function applyAt(target: Resource, [step, ...rest]: readonly Step[], op: Operation['op'], value: unknown): void {
  if (!step || step.attribute.mutability === 'writeOnly') return;
  const { attribute, filter } = step;
  const { name, sub = [] } = attribute;
  if (attribute.multiValued && (filter || rest.length > 0)) {
    const elements = elementsOf(target, name);
    set(target, name, applyToElements(elements, { attribute, filter }, rest, op, value));
    return;
  }
  if (rest.length > 0) {
    const inner = isObject(target[name]) ? target[name] : {};
    applyAt(inner, rest, op, value);
    set(target, name, Object.keys(inner).length > 0 ? inner : undefined);
    return;
  }
  if (op === 'remove')
    set(target, name, attribute.multiValued ? without(elementsOf(target, name), value, sub) : undefined);
  else set(target, name, merged(attribute, target[name], op, value));
}

/** The value after an add or a replace: values are added to those present, and parts of a complex one replace its parts. */
function merged(attribute: Attribute, present: unknown, op: 'add' | 'replace', value: unknown): unknown {
  const read = readValue(attribute, value);
  if (op === 'add' && attribute.multiValued) {
    const elements = new Map([present ?? [], read ?? []].flat().map((one) => [keyOf(one as Element), one]));
    // Here too, not only in the result: else each operation of many would make the next one slower.
    refuseMany(attribute.name, elements.size);
    return filled([...elements.values()] as Element[]);
  }
  return isObject(read) && isObject(present) ? { ...present, ...read } : read;
}

/** The values after an operation on those that meet the filter. A value that is set where none meets it is made of the filter. */
function applyToElements(
  elements: readonly Element[],
  { attribute, filter }: Step,
  rest: readonly Step[],
  op: Operation['op'],
  value: unknown,
): Element[] | undefined {
  const { sub = [] } = attribute;
  const isMeant = (element: Element) => !filter || filter.every((comparison) => meets(element, comparison, sub));
  if (op === 'remove' && rest.length === 0) return filled(elements.filter((element) => !isMeant(element)));

  const change = (element: Element): Element => {
    const changed = structuredClone(element);
    if (rest.length > 0) applyAt(changed, rest, op, value);
    else Object.assign(changed, ([readValue(attribute, value)].flat()[0] ?? {}) as Element);
    return changed;
  };
  if (op === 'remove' || elements.some(isMeant)) {
    return filled(elements.map((element) => (isMeant(element) ? change(element) : element)));
  }
  refuseMany(attribute.name, elements.length + 1);
  return filled([...elements, change(made(filter ?? [], sub))]);
}

function made(filter: readonly Comparison[], sub: readonly Attribute[]): Element {
  return Object.fromEntries(filter.map((comparison) => [partOf(comparison, sub).name, comparison.value]));
}

/** Texts are compared whatever their case, unless the attribute says otherwise. */
function meets(element: Element, comparison: Comparison, sub: readonly Attribute[]): boolean {
  const { name, caseExact } = partOf(comparison, sub);
  const [is, wanted] = [element[name] ?? false, comparison.value];
  if (typeof is !== 'string' || typeof wanted !== 'string' || caseExact) return is === wanted;
  return is.toLowerCase() === wanted.toLowerCase();
}

function partOf({ attribute }: Comparison, sub: readonly Attribute[]): Attribute {
  const part = attributeOf(sub, attribute);
  if (!part) throw new ScimError('invalidPath', `There is no attribute ${JSON.stringify(attribute)} to filter by`);
  return part;
}

/** Without these values, where some are given, as Entra does; else without any. */
function without(elements: readonly Element[], value: unknown, sub: readonly Attribute[]): Element[] | undefined {
  if (value === undefined || value === null || !attributeOf(sub, 'value')) return undefined;
  const gone = new Set([value].flat().map((one) => (isObject(one) ? one.value : one)));
  return filled(elements.filter((element) => !gone.has(element.value)));
}

/** Equal for elements with the same parts, in whatever order. */
function keyOf(element: Element): string {
  return JSON.stringify(Object.entries(element).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

function elementsOf(target: Resource, name: string): readonly Element[] {
  return (target[name] ?? []) as readonly Element[];
}

function filled(elements: Element[]): Element[] | undefined {
  const left = elements.filter((element) => Object.keys(element).length > 0);
  return left.length > 0 ? left : undefined;
}

function set(target: Resource, name: string, value: unknown): void {
  if (value === undefined) delete target[name];
  else target[name] = value;
}
