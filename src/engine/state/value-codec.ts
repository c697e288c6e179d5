import { type DataType, physicalOf } from '../../core/data-type.ts';
import type { ByteReader, ByteWriter } from './byte-codec.ts';
import type { ValueCodec } from './state-store.ts';

/**
 * Returns the codec of the internal values of a type. NULL is one byte. The codec is used for
 * `value` columns with SQL values.
 */
export function codecOf(type: DataType): ValueCodec {
  const inner = notNullCodec(type);
  return {
    encode(value, writer) {
      if (value === null || value === undefined) writer.byte(0);
      else {
        writer.byte(1);
        inner.encode(value, writer);
      }
    },
    decode: (reader) => (reader.byte() === 0 ? null : inner.decode(reader)),
    sizeOf: (value) => (value === null || value === undefined ? 8 : inner.sizeOf(value)),
  };
}

function notNullCodec(type: DataType): ValueCodec {
  switch (type.kind) {
    case 'boolean':
      return { encode: (v, w) => w.byte(v === true ? 1 : 0), decode: (r) => r.byte() === 1, sizeOf: () => 8 };
    case 'bigint':
      return longCodec;
    case 'char':
    case 'varchar':
      return {
        encode: (v, w) => w.text(v as string),
        decode: (r) => r.text(),
        sizeOf: (v) => 24 + (v as string).length * 2,
      };
    case 'binary':
    case 'varbinary':
      return {
        encode: (v, w) => w.bytes(v as Uint8Array),
        decode: (r) => r.bytes(),
        sizeOf: (v) => 100 + (v as Uint8Array).length,
      };
    case 'array':
      return listCodec(codecOf(type.element));
    case 'row': {
      const fields = type.fields.map((f) => codecOf(f.type));
      return {
        encode: (v, w) => {
          for (let i = 0; i < fields.length; i++) fields[i]!.encode((v as unknown[])[i], w);
        },
        decode: (r) => fields.map((f) => f.decode(r)),
        sizeOf: (v) => fields.reduce((sum, f, i) => sum + f.sizeOf((v as unknown[])[i]), 32),
      };
    }
    case 'map':
      return mapCodec(codecOf(type.key), codecOf(type.value));
    case 'multiset':
      return mapCodec(codecOf(type.element), longCodec);
    default:
      return physicalOf(type) === 'number' ? numberCodec : bigCodec;
  }
}

export const numberCodec: ValueCodec = {
  encode: (v, w) => w.double(v as number),
  decode: (r) => r.double(),
  sizeOf: () => 16,
};

/** A BIGINT is exact in both representations. */
const longCodec: ValueCodec = {
  encode(v, w) {
    if (typeof v === 'bigint') {
      w.byte(1);
      w.bigint(v);
    } else {
      w.byte(0);
      w.double(v as number);
    }
  },
  decode: (r) => (r.byte() === 1 ? r.bigint() : r.double()),
  sizeOf: () => 16,
};

const bigCodec: ValueCodec = {
  encode: (v, w) => w.bigint(BigInt(v as bigint)),
  decode: (r) => r.bigint(),
  sizeOf: () => 32,
};

export function listCodec(element: ValueCodec): ValueCodec {
  return {
    encode(v, w) {
      const list = v as readonly unknown[];
      w.varint(list.length);
      for (const x of list) element.encode(x, w);
    },
    decode(r) {
      const list: unknown[] = [];
      for (let n = r.varint(); n > 0; n--) list.push(element.decode(r));
      return list;
    },
    sizeOf: (v) => (v as readonly unknown[]).reduce<number>((sum, x) => sum + element.sizeOf(x), 32),
  };
}

function mapCodec(key: ValueCodec, value: ValueCodec): ValueCodec {
  return {
    encode(v, w: ByteWriter) {
      const map = v as ReadonlyMap<unknown, unknown>;
      w.varint(map.size);
      for (const [k, x] of map) {
        key.encode(k, w);
        value.encode(x, w);
      }
    },
    decode(r: ByteReader) {
      const map = new Map<unknown, unknown>();
      for (let n = r.varint(); n > 0; n--) map.set(key.decode(r), value.decode(r));
      return map;
    },
    sizeOf: (v) => 64 + (v as ReadonlyMap<unknown, unknown>).size * 64,
  };
}
