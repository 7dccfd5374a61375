import 'fake-indexeddb/auto';
import '@testing-library/jest-dom/vitest';
import { configure } from '@testing-library/svelte';

// A lazy part is compiled when a test first opens it, and a machine under load takes its time for that.
configure({ asyncUtilTimeout: 60_000 });
