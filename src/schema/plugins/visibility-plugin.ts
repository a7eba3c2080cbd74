import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  isThenable,
  type PothosOutputFieldConfig,
  type PothosOutputFieldType,
  type SchemaTypes,
  type TypeParam,
  unwrapOutputFieldType,
} from '@pothos/core';
import { defaultTypeResolver, type GraphQLFieldResolver, type GraphQLResolveInfo, isAbstractType } from 'graphql';
import { NotFoundError, UserError } from '../../errors/base.ts';

/**
 * Authorizes objects. A type declares who may see it, as `visible`. Each field that returns the type, an interface or a union
 * of it, or a list of these, is wrapped when the schema is built, and checks every row after its resolver; so is the `node` of
 * an edge. Placed before Errors: a hidden row is an error of the request, never a member of a mutation's result.
 */
export const visibilityPlugin = 'visibility';

type Resolver<Types extends SchemaTypes> = GraphQLFieldResolver<unknown, Types['Context'], object>;

/**
 * Whether the viewer may see a row. It returns a promise only where something must be read: most rows are checked
 * synchronously.
 */
type Check<Context> = (row: unknown, context: Context, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

/** Checks the value that a resolver returned. */
type Filter<Context> = (value: unknown, context: Context, info: GraphQLResolveInfo) => unknown;

class VisibilityPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: Resolver<Types>,
    { type, pothosOptions: { hiddenAsNull = false } }: PothosOutputFieldConfig<Types>,
  ): Resolver<Types> {
    const isVisible = this.#checkOf(this.buildCache.getTypeConfig(unwrapOutputFieldType(type)).name);
    if (!isVisible) return resolver;

    const filter = filterOf(type, hiddenAsNull ? nullWhereHidden(isVisible) : errorWhereHidden(isVisible));
    return (source, args, context, info) => {
      const value = resolver(source, args, context, info);
      return isThenable(value) ? value.then((row) => filter(row, context, info)) : filter(value, context, info);
    };
  }

  #checkOf(typename: string): Check<Types['Context']> | undefined {
    const { kind, pothosOptions } = this.buildCache.getTypeConfig(typename);
    // Cast through `unknown`: TypeScript cannot compare the options of all kinds.
    if (kind === 'Object') return (pothosOptions as unknown as { visible?: Check<Types['Context']> }).visible;
    return kind === 'Interface' || kind === 'Union' ? this.#checkByType(typename) : undefined;
  }

  /** Checks a row of an interface or a union by its concrete type. A row without a type is refused by the executor. */
  #checkByType(typename: string): Check<Types['Context']> {
    return (row, context, info) => {
      const type = info.schema.getType(typename);
      if (!isAbstractType(type)) return false;
      const check = (name: string | undefined) => {
        const isVisible = name === undefined ? undefined : this.#checkOf(name);
        return isVisible === undefined || isVisible(row, context, info);
      };
      const name = (type.resolveType ?? defaultTypeResolver)(row, context, info, type);
      return name instanceof Promise ? name.then(check) : check(name as string | undefined);
    };
  }
}

function errorWhereHidden<Context>(isVisible: Check<Context>): Filter<Context> {
  return (row, context, info) => {
    if (isNothing(row)) return row;
    const answer = isVisible(row, context, info);
    return answer instanceof Promise ? answer.then((late) => shown(row, late)) : shown(row, answer);
  };
}

/** @throws NotFoundError, as for a row that is not there */
function shown(row: unknown, isVisible: boolean): unknown {
  if (isVisible === true) return row;
  throw new NotFoundError();
}

function nullWhereHidden<Context>(isVisible: Check<Context>): Filter<Context> {
  const filter = errorWhereHidden(isVisible);
  return (row, context, info) => settled(() => filter(row, context, info), nullFor);
}

function nullFor(error: unknown): null {
  if (error instanceof UserError && error.code !== 'SERVICE_UNAVAILABLE') return null;
  throw error;
}

/** Lists are filtered item by item. The error of a hidden row replaces the row, and does not affect others. */
function filterOf<Types extends SchemaTypes>(
  type: PothosOutputFieldType<Types>,
  one: Filter<Types['Context']>,
): Filter<Types['Context']> {
  if (type.kind !== 'List') return one;
  const filter = filterOf(type.type, one);
  return (rows, context, info) => {
    if (isNothing(rows)) return rows;
    return Array.from(rows as Iterable<unknown>, (row) =>
      settled(
        () => (isThenable(row) ? row.then((late) => filter(late, context, info)) : filter(row, context, info)),
        // Returns the error instead of a rejected promise, which nothing would handle where an earlier item has ended the list.
        (error) => error,
      ),
    );
  };
}

/** True also for an error that a resolver returns instead of throwing it. */
function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value instanceof Error;
}

/** Handles an exception and a rejection alike. */
function settled(read: () => unknown, onError: (error: unknown) => unknown): unknown {
  try {
    const value = read();
    return isThenable(value) ? value.then(undefined, onError) : value;
  } catch (error) {
    return onError(error);
  }
}

declare global {
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      visibility: VisibilityPlugin<Types>;
    }

    interface ObjectTypeOptions<Types extends SchemaTypes, Shape> {
      /**
       * Whether the viewer may see this object, by whatever path it is reached. May throw the denial, where it is not
       * NotFoundError.
       */
      visible?: (row: Shape, context: Types['Context']) => boolean | Promise<boolean>;
    }

    interface FieldOptions<
      Types extends SchemaTypes,
      ParentShape,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveShape,
      ResolveReturnShape,
    > {
      /** Whether a hidden object becomes null instead of an error. */
      hiddenAsNull?: boolean;
    }
  }
}

SchemaBuilder.registerPlugin(visibilityPlugin, VisibilityPlugin);
