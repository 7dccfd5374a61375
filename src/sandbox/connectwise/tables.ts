import type { Json } from '../../domain/canonical';
import { decimalOf, multiply, subtract } from '../../domain/decimal';
import type { PsaRequest } from '../../psa/psa';
import { json, text, type Handled, type Row, type SandboxState } from '../sandbox';
import { applied, recordIn, rowsOf } from '../tables';
import type { FieldError } from './rules';

export function create(state: SandboxState, request: PsaRequest, table: string, row: Row, key: Json | undefined): Handled {
  const next = applied(state, request, table, [...rowsOf(state, table), row], 'created', row, key);
  return { state: { ...next, nextId: state.nextId + 1 }, answer: json(201, row) };
}

export function remove(state: SandboxState, request: PsaRequest, table: string, row: Row): Handled {
  const rows = rowsOf(state, table).filter((each) => each !== row);
  return {
    state: applied(state, request, table, rows, 'removed', row, row['serialNumber'] ?? row['integrationXRef']),
    answer: text(204, '', ''),
  };
}

export function amounts(quantity: number, price: number, cost: number): Row {
  const extPrice = multiply(decimalOf(quantity), decimalOf(price));
  const extCost = multiply(decimalOf(quantity), decimalOf(cost));
  return { extPrice: Number(extPrice), extCost: Number(extCost), margin: Number(subtract(extPrice, extCost)) };
}

export function referenced(state: SandboxState, table: string, reference: Json | undefined): Row | null {
  const { id, identifier, name } = recordIn(reference ?? null);
  const rows = rowsOf(state, table);
  if (typeof id === 'number') return rows.find((row) => row['id'] === id) ?? null;
  if (typeof identifier === 'string') return rows.find((row) => row['identifier'] === identifier) ?? null;
  return typeof name === 'string' ? (rows.find((row) => row['name'] === name) ?? null) : null;
}

export function wrong(resource: string, field: string, message: string): FieldError {
  return { code: 'InvalidField', message: `${field} ${message}`, resource, field };
}
