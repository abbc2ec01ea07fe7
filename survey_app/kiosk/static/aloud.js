// Reads the screen aloud where a recording of it exists. It speaks the question and its choices, never an answer.

const KEPT = "survey-audio";

// By decoding instead of an <audio> element: what is kept on the tablet plays without a network, and a stop is at once.
async function bytesOf(address) {
  const kept = await globalThis.caches?.match(address);
  const response = kept ?? (await fetch(address));
  if (!response.ok) {
    throw new Error(`no recording at ${address}`);
  }
  return response.arrayBuffer();
}

export class Aloud {
  // `recordings`: {name of a screen: {language: address}}.
  constructor(button, recordings) {
    this.button = button;
    this.recordings = recordings;
    this.address = null;
    this.playing = null;
  }

  // The screen that is shown now; whatever was spoken stops.
  offer(name, language) {
    this.stop();
    this.address = this.recordings[name]?.[language] ?? null;
    this.button.hidden = this.address === null;
  }

  toggle() {
    return this.playing ? this.stop() : this.play();
  }

  async play() {
    this.context ??= new AudioContext();
    const playing = this.context.createBufferSource();
    this.hold(playing);
    try {
      playing.buffer = await this.context.decodeAudioData(await bytesOf(this.address));
    } catch {
      this.stop();
    }
    if (this.playing === playing) {
      playing.connect(this.context.destination);
      playing.onended = () => this.playing === playing && this.hold(null);
      playing.start();
    }
  }

  stop() {
    try {
      this.playing?.stop();
    } catch {
      // it had not begun
    }
    this.hold(null);
  }

  hold(playing) {
    this.playing = playing;
    this.button.dataset.state = playing ? "playing" : "still";
  }
}

// Every recording on the tablet, fetched after the page is there; those of earlier wordings go.
export async function keepRecordings(recordings) {
  const wanted = Object.values(recordings).flatMap((languages) => Object.values(languages));
  if (wanted.length === 0) {
    await caches.delete(KEPT);
    return;
  }
  const cache = await caches.open(KEPT);
  const addresses = new Set(wanted.map((address) => new URL(address, location.href).href));
  for (const { url } of await cache.keys()) {
    if (addresses.delete(url) === false) {
      await cache.delete(url);
    }
  }
  for (const address of addresses) {
    await cache.add(address);
  }
}
