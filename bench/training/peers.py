"""Trains 784-128-10 (relu, softmax, Adam) on Fashion-MNIST and prints images/s of every epoch after the first.

Ways: `loop`, a whole epoch in one tf.function; `sklearn`, MLPClassifier; `numpy`, float32 by hand, with
buffers made once and Adam in place. Images divided by 255, shuffled each epoch; loss and accuracy are
kept where the way gives them.
Usage: peers.py WAY FASHION_MNIST_FOLDER EPOCHS BATCH
"""

import gzip
import json
import os
import sys
import time
import warnings

import numpy

way, folder = sys.argv[1:3]
epochs, batch = (int(word) for word in sys.argv[3:5])
INPUTS, UNITS, CLASSES = 784, 128, 10
RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-7


def values(name, header):
    with gzip.open(os.path.join(folder, name)) as file:
        return numpy.frombuffer(file.read(), numpy.uint8, offset=header)


images = values("train-images-idx3-ubyte.gz", 16).reshape(-1, INPUTS) / numpy.float32(255)
labels = values("train-labels-idx1-ubyte.gz", 8).astype(numpy.int32)
count = len(images)
random = numpy.random.default_rng(0)


def glorot(rows, columns):
    limit = (6 / (rows + columns)) ** 0.5
    return random.uniform(-limit, limit, (rows, columns)).astype(numpy.float32)


def loop():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    import keras
    import tensorflow as tf

    model = keras.Sequential(
        [
            keras.layers.Input((INPUTS,)),
            keras.layers.Dense(UNITS, activation="relu"),
            keras.layers.Dense(CLASSES),
        ]
    )
    optimizer = keras.optimizers.Adam(RATE)
    optimizer.build(model.trainable_variables)
    x, y = tf.constant(images), tf.constant(labels)
    steps = count // batch

    @tf.function
    def epoch():
        order = tf.random.shuffle(tf.range(count))
        total, hits = tf.constant(0.0), tf.constant(0)
        for step in tf.range(steps):
            rows = order[step * batch : (step + 1) * batch]
            inputs, truth = tf.gather(x, rows), tf.gather(y, rows)
            with tf.GradientTape() as tape:
                logits = model(inputs, training=True)
                loss = tf.reduce_mean(
                    tf.nn.sparse_softmax_cross_entropy_with_logits(labels=truth, logits=logits)
                )
            gradients = tape.gradient(loss, model.trainable_variables)
            optimizer.apply(gradients, model.trainable_variables)
            total += loss
            guess = tf.argmax(logits, axis=1, output_type=tf.int32)
            hits += tf.reduce_sum(tf.cast(guess == truth, tf.int32))
        return total / tf.cast(steps, tf.float32), hits

    def one():
        _, hits = epoch()
        return int(hits) / (steps * batch)

    return one, steps * batch


def by_hand():
    # weights and moments lie in one array each, so that Adam is one pass over them
    sizes = [INPUTS * UNITS, UNITS, UNITS * CLASSES, CLASSES]
    ends = numpy.cumsum(sizes)
    shapes = [(INPUTS, UNITS), (UNITS,), (UNITS, CLASSES), (CLASSES,)]

    def views(flat):
        return [part.reshape(shape) for part, shape in zip(numpy.split(flat, ends[:-1]), shapes)]

    weights, gradients, m, v, work = (numpy.zeros(ends[-1], numpy.float32) for _ in range(5))
    w1, b1, w2, b2 = views(weights)
    g1, gb1, g2, gb2 = views(gradients)
    w1[:], w2[:] = glorot(INPUTS, UNITS), glorot(UNITS, CLASSES)
    x = numpy.empty((batch, INPUTS), numpy.float32)
    hidden = numpy.empty((batch, UNITS), numpy.float32)
    back = numpy.empty((batch, UNITS), numpy.float32)
    logits = numpy.empty((batch, CLASSES), numpy.float32)
    column = numpy.empty((batch, 1), numpy.float32)
    at = numpy.arange(batch)
    taken = 0

    def one():
        nonlocal taken
        order = random.permutation(count)
        hits, loss = 0, 0.0
        for begin in range(0, count - batch + 1, batch):
            rows = order[begin : begin + batch]
            numpy.take(images, rows, axis=0, out=x, mode="clip")
            truth = labels[rows]
            numpy.matmul(x, w1, out=hidden)
            numpy.add(hidden, b1, out=hidden)
            numpy.maximum(hidden, 0, out=hidden)
            numpy.matmul(hidden, w2, out=logits)
            numpy.add(logits, b2, out=logits)
            hits += numpy.count_nonzero(logits.argmax(axis=1) == truth)
            numpy.max(logits, axis=1, keepdims=True, out=column)
            numpy.subtract(logits, column, out=logits)
            numpy.exp(logits, out=logits)
            numpy.sum(logits, axis=1, keepdims=True, out=column)
            numpy.divide(logits, column, out=logits)
            loss -= float(numpy.log(logits[at, truth]).sum())
            logits[at, truth] -= 1
            numpy.divide(logits, numpy.float32(batch), out=logits)
            numpy.matmul(hidden.T, logits, out=g2)
            numpy.sum(logits, axis=0, out=gb2)
            numpy.matmul(logits, w2.T, out=back)
            numpy.multiply(back, hidden > 0, out=back)
            numpy.matmul(x.T, back, out=g1)
            numpy.sum(back, axis=0, out=gb1)
            taken += 1
            rate = numpy.float32(RATE * (1 - BETA2**taken) ** 0.5 / (1 - BETA1**taken))
            numpy.subtract(gradients, m, out=work)
            numpy.multiply(work, numpy.float32(1 - BETA1), out=work)
            numpy.add(m, work, out=m)
            numpy.multiply(gradients, gradients, out=gradients)
            numpy.subtract(gradients, v, out=work)
            numpy.multiply(work, numpy.float32(1 - BETA2), out=work)
            numpy.add(v, work, out=v)
            numpy.sqrt(v, out=work)
            numpy.add(work, numpy.float32(EPSILON), out=work)
            numpy.divide(m, work, out=work)
            numpy.multiply(work, rate, out=work)
            numpy.subtract(weights, work, out=weights)
        return hits / (count // batch * batch)

    return one, count // batch * batch


def timed(one, images_an_epoch):
    rates, accuracy = [], None
    for _ in range(epochs):
        started = time.perf_counter()
        accuracy = one()
        rates.append(images_an_epoch / (time.perf_counter() - started))
    return {"rates": rates[1:], "trainAccuracy": accuracy}


def sklearn():
    from sklearn.neural_network import MLPClassifier

    warnings.filterwarnings("ignore")
    network = MLPClassifier(
        (UNITS,), batch_size=batch, learning_rate_init=RATE, alpha=0, max_iter=epochs, tol=0
    )
    started = time.perf_counter()
    network.fit(images, labels)
    seconds = time.perf_counter() - started
    accuracy = float((network.predict(images) == labels).mean())
    return {"rates": [epochs * count / seconds], "trainAccuracy": accuracy}


ways = {"loop": lambda: timed(*loop()), "numpy": lambda: timed(*by_hand()), "sklearn": sklearn}
print(json.dumps(ways[way]()))
