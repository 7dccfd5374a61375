import type { PsaRequest } from '../../psa/psa';
import type { Handled, Row, SandboxState } from '../sandbox';
import { CATALOG_ITEM, errorsIn, invalid, ONE_TIME, refusal } from './rules';
import { amounts, create, referenced, wrong } from './tables';
import { numberIn, recordIn, rowsOf, textIn } from '../tables';

export function createOneTime(state: SandboxState, request: PsaRequest): Handled {
  const body = recordIn(request.body);
  const errors = errorsIn(body, ONE_TIME, 'product');
  const item = referenced(state, 'catalog', body['catalogItem']);
  const agreement = referenced(state, 'agreements', body['agreement']);
  const company = referenced(state, 'companies', body['company']);
  if (errors.length === 0 && item === null) errors.push(wrong('product', 'catalogItem', 'was not found'));
  if (errors.length === 0 && body['agreement'] !== undefined && agreement === null)
    errors.push(wrong('product', 'agreement', 'was not found'));
  if (errors.length === 0 && body['company'] !== undefined && company === null) errors.push(wrong('product', 'company', 'was not found'));
  if (errors.length > 0 || item === null) return { state, answer: invalid('product', errors) };
  const quantity = numberIn(body['quantity'] ?? 1);
  const price = numberIn(body['price'] ?? item['price'] ?? 0);
  const cost = numberIn(body['cost'] ?? item['cost'] ?? 0);
  const row: Row = {
    id: state.nextId,
    description: item['description'] ?? '',
    customerDescription: item['customerDescription'] ?? '',
    taxableFlag: item['taxableFlag'] ?? false,
    cancelledFlag: false,
    ...body,
    catalogItem: { id: item['id'] ?? null, identifier: item['identifier'] ?? '' },
    ...(agreement === null ? {} : { agreement: { id: agreement['id'] ?? null, name: agreement['name'] ?? '' } }),
    ...(company === null
      ? {}
      : { company: { id: company['id'] ?? null, identifier: company['identifier'] ?? '', name: company['name'] ?? '' } }),
    ...amounts(quantity, price, cost),
    quantity,
    price,
    cost,
  };
  return create(state, request, 'products', row, body['integrationXRef']);
}

export function createCatalogItem(state: SandboxState, request: PsaRequest): Handled {
  const body = recordIn(request.body);
  const errors = errorsIn(body, CATALOG_ITEM, 'catalogItem');
  const subcategory = referenced(state, 'subcategories', body['subcategory']);
  const type = referenced(state, 'types', body['type']);
  if (errors.length === 0 && subcategory === null) errors.push(wrong('catalogItem', 'subcategory', 'was not found'));
  if (errors.length === 0 && type === null) errors.push(wrong('catalogItem', 'type', 'was not found'));
  if (errors.length > 0 || subcategory === null || type === null) return { state, answer: invalid('catalogItem', errors) };
  const identifier = textIn(body['identifier']).toLowerCase();
  if (rowsOf(state, 'catalog').some((row) => textIn(row['identifier']).toLowerCase() === identifier))
    return {
      state,
      answer: refusal(409, 'Conflict', 'A catalog item with this identifier exists.', [wrong('catalogItem', 'identifier', 'is in use')]),
    };
  const row: Row = {
    id: state.nextId,
    inactiveFlag: false,
    price: 0,
    cost: 0,
    ...body,
    subcategory: { id: subcategory['id'] ?? null, name: subcategory['name'] ?? '' },
    type: { id: type['id'] ?? null, name: type['name'] ?? '' },
  };
  return create(state, request, 'catalog', row, body['integrationXRef']);
}
