"""The plain Python door: the same experiment without a magic.

    import mlee_jupyter as mlee

    shelf = mlee.start("shelf", budget="6h", truth=y_test, metric="accuracy", useful_gain=0.02)
    with shelf.candidate("knn", simplicity=2) as run:
        run.record(model.predict(X_test))
    shelf.scoreboard()

`start` opens an experiment or resumes it; its handle has a method for every verb of %mlee_experiment.
"""
