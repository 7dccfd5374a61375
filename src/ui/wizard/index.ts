import type { Component } from 'svelte';
import type { Place } from '../../machines/wizard';
import ChooseAgreement from './ChooseAgreement.svelte';
import ChooseOption from './ChooseOption.svelte';
import ChoosePsa from './ChoosePsa.svelte';
import LineGrid from './LineGrid.svelte';
import NeedsCompany from './NeedsCompany.svelte';
import Opening from './Opening.svelte';
import Products from './Products.svelte';
import Stuck from './Stuck.svelte';
import Summary from './Summary.svelte';
import WizardReceipt from './WizardReceipt.svelte';
import type { WizardView } from './wizard.svelte';

interface Shown {
  /** The h2 of the place. */
  readonly title: string;
  readonly component: Component<{ wizard: WizardView }>;
}

/** What is drawn for each place of the chart. */
export const places: Readonly<Record<Place, Shown>> = {
  opening: { title: 'Opening', component: Opening },
  arriving: { title: 'Opening', component: Opening },
  onward: { title: 'Opening', component: Opening },
  stuck: { title: 'This cannot be opened', component: Stuck },
  'needs company': { title: 'Company', component: NeedsCompany },
  psa: { title: 'Choose the PSA', component: ChoosePsa },
  products: { title: 'Products', component: Products },
  option: { title: 'Sync option', component: ChooseOption },
  agreement: { title: 'Agreement', component: ChooseAgreement },
  grid: { title: 'Line items', component: LineGrid },
  summary: { title: 'Summary', component: Summary },
  delivering: { title: 'Receipt', component: WizardReceipt },
  receipt: { title: 'Receipt', component: WizardReceipt },
  cancelled: { title: 'Cancelled', component: Opening },
};
